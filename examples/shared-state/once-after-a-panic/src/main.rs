//! The thread that computes a value for all fails.
//!
//! A `OnceLock` whose function has panicked is as empty as before: the next
//! call tries again.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::OnceLock;
use std::thread;

static ATTEMPTS: AtomicU32 = AtomicU32::new(1);
static NEWS: OnceLock<&str> = OnceLock::new();

fn fetch() -> &'static str {
    let attempt = ATTEMPTS.fetch_add(1, Relaxed);
    println!("attempt {attempt}");
    if attempt == 1 {
        panic!("no network");
    }
    "the news"
}

// 1. Fetch once for all, when it is first needed
fn read(who: &str) {
    println!("{who} reads {}", NEWS.get_or_init(fetch));
}

fn main() {
    // 2. Ann's attempt fails, bob's succeeds, and eve need not try
    for who in ["ann", "bob", "eve"] {
        let reader = thread::Builder::new().name(who.to_string());
        let reader = reader.spawn(move || read(who)).unwrap();
        let _ = reader.join();
    }
}
