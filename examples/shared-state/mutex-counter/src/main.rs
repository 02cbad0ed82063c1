//! Three threads share a counter that a mutex guards.
//!
//! Whoever holds the lock is alone: the lines between `enters` and `leaves`
//! never mix, and every update counts. The mutex owns the counter, so there
//! is no way to the value but through the lock.

use std::sync::{Arc, Mutex};
use std::thread;

const ROUNDS: u32 = 2;

// 1. Take the lock, work, and let the guard's end give it back
fn work(who: u32, counter: &Mutex<u32>) {
    for _ in 0..ROUNDS {
        let mut value = counter.lock().unwrap();
        println!("worker {who} enters");
        *value += 1;
        println!("worker {who} leaves: {value}");
    }
}

fn main() {
    // 2. Give the same counter to three threads
    let counter = Arc::new(Mutex::new(0));
    let workers: Vec<_> = (1..=3)
        .map(|who| {
            let counter = Arc::clone(&counter);
            thread::spawn(move || work(who, &counter))
        })
        .collect();

    // 3. When all have ended nobody else can hold the lock
    for worker in workers {
        worker.join().unwrap();
    }
    println!("total: {}", counter.lock().unwrap());
}
