//! The thread that starts something for all fails.
//!
//! A `Once` whose function has panicked is poisoned: whoever calls it next
//! panics, too, unless he insists with `call_once_force`.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::Once;
use std::thread;

static ATTEMPTS: AtomicU32 = AtomicU32::new(1);
static CONNECTED: Once = Once::new();

fn connect() {
    let attempt = ATTEMPTS.fetch_add(1, Relaxed);
    println!("attempt {attempt}");
    if attempt == 1 {
        panic!("no network");
    }
}

// 1. Connect once for all, when it is first needed
fn read(who: &str) {
    if who == "eve" {
        CONNECTED.call_once_force(|_state| connect());
    } else {
        CONNECTED.call_once(connect);
    }
    println!("{who} reads the news");
}

fn main() {
    // 2. Ann's attempt fails, bob may not try, and eve insists
    for who in ["ann", "bob", "eve"] {
        let reader = thread::Builder::new().name(who.to_string());
        let reader = reader.spawn(move || read(who)).unwrap();
        let _ = reader.join();
    }
}
