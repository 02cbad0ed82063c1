//! Two threads take two locks in opposite order, and wait for ever.
//!
//! Each holds what the other wants. Stop it with Ctrl-C. Safe Rust rules out
//! data races, not deadlocks.

use std::sync::{Barrier, Mutex};
use std::thread;

struct Lock {
    number: u32,
    mutex: Mutex<()>,
}

// 1. Take one lock, wait until the other thread has one too, take the second
fn work(who: &str, first: &Lock, second: &Lock, both_hold_one: &Barrier) {
    let _first = first.mutex.lock().unwrap();
    println!("{who} has lock {}", first.number);
    both_hold_one.wait();
    println!("{who} wants lock {}", second.number);
    let _second = second.mutex.lock().unwrap();
    println!("{who} has both locks");
}

fn main() {
    let [one, two] = [1, 2].map(|number| Lock {
        number,
        mutex: Mutex::new(()),
    });
    let both_hold_one = Barrier::new(2);

    // 2. A goes from lock 1 to lock 2, B the other way round
    thread::scope(|s| {
        s.spawn(|| work("A", &one, &two, &both_hold_one));
        s.spawn(|| work("B", &two, &one, &both_hold_one));

        // 3. The scope's end waits for both: this never ends
    });
    println!("both have ended");
}
