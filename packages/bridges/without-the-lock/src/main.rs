//! Two threads count by an atomic. Rust has no lock around all that it does:
//! what threads share has to be fit for that, and the compiler looks at it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

const ROUNDS: u32 = 1_000;

static TALLY: AtomicU32 = AtomicU32::new(0);

fn work() {
    for _ in 0..ROUNDS {
        TALLY.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    // 1. Nothing like that here
    println!("there is no GIL");

    // 2. Two threads count
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });

    // 3. Nothing is lost
    println!("total: {}", TALLY.load(Ordering::Relaxed));
}
