//! One of two threads fails, and main asks both how they ended.
//!
//! `join` hands over the panic, and the scope has nothing more to say of it.

use std::thread;

fn divide(number: u32) -> u32 {
    100 / number
}

fn main() {
    // 1. Start one that fails and one that does not
    thread::scope(|s| {
        let handles = [0, 4].map(|number| s.spawn(move || divide(number)));

        // 2. Ask each: the failure is handled, and goes no further
        for handle in handles {
            match handle.join() {
                Err(_) => println!("one has failed"),
                Ok(result) => println!("one has come to {result}"),
            }
        }
    });

    // 3. So this is reached, and main knows
    println!("all have been asked");
}
