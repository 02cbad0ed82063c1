//! A worker waits at a gate until main opens it.
//!
//! `park` is the place to wait at, and an atomic is the flag. An `unpark`
//! that comes first leaves a token, and the next `park` returns at once; but
//! one may also return for nothing, so the flag has the last word.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static OPEN: AtomicBool = AtomicBool::new(false);

// 1. Wait until the gate is open
fn work() {
    println!("worker comes to the gate");
    while !OPEN.load(Ordering::Acquire) {
        thread::park();
    }
    println!("worker goes through");
}

fn main() {
    let worker = thread::spawn(work);

    // 2. Open it, whether or not the worker is there yet
    println!("main opens the gate");
    OPEN.store(true, Ordering::Release);
    worker.thread().unpark();
    worker.join().unwrap();
    println!("worker has ended");
}
