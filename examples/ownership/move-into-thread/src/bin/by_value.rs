//! No `move`, and the vector moves all the same: `for n in numbers` takes it
//! by value, so the closure that holds the loop has to own it.

use std::thread;

fn main() {
    // 1. Make the vector
    let numbers = vec![1, 2, 3];

    // 2. Hand it over, by what the closure does with it
    let handle = thread::spawn(|| {
        for n in numbers {
            println!("{n}");
        }
    });

    // 3. Wait
    handle.join().unwrap();
}
