//! Ann leaves a number and raises a flag; bob waits for the flag.
//!
//! The flag is stored with `Release` and loaded with `Acquire`: whoever has
//! seen it sees all that was done before it was raised.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use std::thread;

static NUMBER: AtomicU32 = AtomicU32::new(0);
static IS_THERE: AtomicBool = AtomicBool::new(false);

// 1. First the number, then the flag that says that it is there
fn leave() {
    NUMBER.store(6 * 7, Relaxed);
    println!("ann leaves {}", NUMBER.load(Relaxed));
    IS_THERE.store(true, Release);
}

// 2. Look until the flag is up, then take the number
fn take() {
    while !IS_THERE.load(Acquire) {
        thread::yield_now();
    }
    println!("bob takes {}", NUMBER.load(Relaxed));
}

fn main() {
    thread::scope(|s| {
        s.spawn(leave);
        s.spawn(take);
    });
}
