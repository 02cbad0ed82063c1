//! A worker leaves a number and raises a flag; main waits for the flag.
//!
//! The flag is stored with `Release` and loaded with `Acquire`: whoever has
//! seen it sees all that was done before it was raised.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use std::thread;

static NUMBER: AtomicU32 = AtomicU32::new(0);
static IS_THERE: AtomicBool = AtomicBool::new(false);

// 1. First the number, then the flag that says that it is there
fn work() {
    NUMBER.store(6 * 7, Relaxed);
    println!("worker leaves {}", NUMBER.load(Relaxed));
    IS_THERE.store(true, Release);
}

fn main() {
    thread::scope(|s| {
        s.spawn(work);

        // 2. Look until the flag is up, then take the number
        while !IS_THERE.load(Acquire) {
            thread::yield_now();
        }
        println!("main takes {}", NUMBER.load(Relaxed));
    });
}
