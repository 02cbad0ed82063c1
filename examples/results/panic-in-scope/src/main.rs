//! One of two threads fails, and nobody asks.
//!
//! A scope waits for all its threads. If one has panicked, it then panics
//! itself.

use std::thread;

fn divide(number: u32) {
    println!("100 / {number} = {}", 100 / number);
}

fn main() {
    // 1. Start one that fails and one that does not
    thread::scope(|s| {
        for number in [0, 4] {
            s.spawn(move || divide(number));
        }

        // 2. The scope's end waits for both, and panics if one has
    });

    // 3. So this is never reached
    println!("all went well");
}
