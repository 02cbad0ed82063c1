//! Mended by a scope: a thread may borrow what outlives the scope it is in.

use std::thread;

fn start() {
    // 1. A vector that is local to this function
    let numbers = vec![1, 2, 3];

    // 2. A thread that borrows it; the scope ends when the thread has ended
    thread::scope(|s| {
        s.spawn(|| {
            for n in &numbers {
                println!("{n}");
            }
        });
    });
}

fn main() {
    start();

    // 3. Here both the function and the thread are over
    println!("start has returned");
}
