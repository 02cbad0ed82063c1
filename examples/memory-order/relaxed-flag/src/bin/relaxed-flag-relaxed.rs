//! Ann leaves a number and raises a flag, and the flag says nothing.
//!
//! Every access is atomic, so this is no data race. But `Relaxed` orders
//! nothing else: the flag may be seen up, and the number as it was before.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;

static NUMBER: AtomicU32 = AtomicU32::new(0);
static IS_THERE: AtomicBool = AtomicBool::new(false);

// 1. First the number, then the flag that says that it is there
fn leave() {
    NUMBER.store(6 * 7, Relaxed);
    println!("ann leaves {}", NUMBER.load(Relaxed));
    IS_THERE.store(true, Relaxed);
}

// 2. Look until the flag is up, then take the number
fn take() {
    while !IS_THERE.load(Relaxed) {
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
