//! A value is computed when it is first needed, and kept.
//!
//! A `OnceLock` is computed by one thread; others that need it wait.

use std::sync::OnceLock;
use std::thread;

static SETTINGS: OnceLock<String> = OnceLock::new();

// 1. Compute it once, for all threads
fn settings() -> &'static str {
    SETTINGS.get_or_init(|| {
        println!("the settings are read");
        "blue".to_string()
    })
}

fn paint(who: &str) {
    println!("{who} paints it {}", settings());
}

fn main() {
    // 2. Two threads need the value at the same time
    thread::scope(|s| {
        for who in ["ann", "bob"] {
            s.spawn(move || paint(who));
        }
    });

    // 3. Later it is there
    paint("main");
}
