//! Two threads want in where only one may be, and there is no lock.
//!
//! Each raises its flag, then looks whether the other's is up. `SeqCst` puts
//! the four steps into one order for both, so they are never both in.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

static ANN: AtomicBool = AtomicBool::new(false);
static BOB: AtomicBool = AtomicBool::new(false);

// 1. Say that you want in, then look whether the other does
fn enter(me: &AtomicBool, other: &AtomicBool) -> &'static str {
    me.store(true, SeqCst);
    if other.load(SeqCst) {
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
