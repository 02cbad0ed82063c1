//! Refused (E0373): the thread might still run when main's vector is gone, so
//! it may not borrow it. `src/bin/mended.rs` compiles.

use std::thread;

fn main() {
    // 1. A local vector
    let numbers = vec![1, 2, 3];

    // 2. A thread that only borrows it
    let handle = thread::spawn(|| {
        for n in &numbers {
            println!("{n}");
        }
    });

    // 3. Wait: a promise that the compiler cannot see
    handle.join().unwrap();
}
