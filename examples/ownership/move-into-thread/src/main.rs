//! Hands a vector over to a thread: with `move`, the thread owns it.

use std::thread;

fn main() {
    // 1. Make the vector
    let numbers = vec![1, 2, 3];

    // 2. Hand it over; main can no longer use it
    let handle = thread::spawn(move || {
        for n in &numbers {
            println!("{n}");
        }
    });

    // 3. Wait
    handle.join().unwrap();
}
