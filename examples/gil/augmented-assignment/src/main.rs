//! Two threads count with `fetch_add`, and none is lost.
//!
//! That is a promise: the reading and the writing are one step. A `+=` on
//! a plain number that two threads share does not compile.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

const ROUNDS: u32 = 100;

static TOTAL: AtomicU32 = AtomicU32::new(0);

// 1. Read, add one and write: one step
fn work() {
    for _ in 0..ROUNDS {
        TOTAL.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    // 2. Count in two threads
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(work);
        }
    });
    println!("total: {}", TOTAL.load(Ordering::Relaxed));
}
