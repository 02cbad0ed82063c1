//! Two threads count by reading and writing, and some counts are lost.
//!
//! Each step is atomic, and the two together are not: another thread may
//! count in between, and its counts are overwritten.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

const ROUNDS: u32 = 100;

static TOTAL: AtomicU32 = AtomicU32::new(0);

fn one() -> u32 {
    1
}

// 1. Read, call, add, write: another thread may count in between
fn work() {
    for _ in 0..ROUNDS {
        let total = TOTAL.load(Ordering::Relaxed);
        TOTAL.store(total + one(), Ordering::Relaxed);
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
