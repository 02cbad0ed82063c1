//! Two threads want in where only one may be, and both can get in.
//!
//! `Release` and `Acquire` look like enough. But a store may still wait in
//! the processor when the load that follows it has long been done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static ANN: AtomicBool = AtomicBool::new(false);
static BOB: AtomicBool = AtomicBool::new(false);

// 1. Say that you want in, then look whether the other does
fn enter(me: &AtomicBool, other: &AtomicBool) -> &'static str {
    me.store(true, Ordering::Release);
    if other.load(Ordering::Acquire) {
        "out"
    } else {
        "in"
    }
}

fn main() {
    // 2. Both try
    let ann = thread::spawn(|| enter(&ANN, &BOB));
    let bob = thread::spawn(|| enter(&BOB, &ANN));

    // 3. Are they both in?
    let (ann, bob) = (ann.join().unwrap(), bob.join().unwrap());
    println!("ann is {ann}, bob is {bob}");
}
