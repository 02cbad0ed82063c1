//! Two threads raise one number, each update under a lock.
//!
//! The lock covers the read and the write together, so no update is lost.

use std::sync::Mutex;
use std::thread;

const ROUNDS: u32 = 3;

fn plus_one(number: u32) -> u32 {
    number + 1
}

// 1. Hold the lock from the read to the write
fn work(who: u32, total: &Mutex<u32>) {
    for update in 1..=ROUNDS {
        let mut total = total.lock().unwrap();
        *total = plus_one(*total);
        println!("worker {who} made update {update}");
    }
}

fn main() {
    let total = Mutex::new(0);

    // 2. Start both workers
    thread::scope(|s| {
        for who in 1..=2 {
            let total = &total;
            s.spawn(move || work(who, total));
        }
    });

    // 3. The scope has waited for both: look at what has come of it
    let total = total.into_inner().unwrap();
    println!("total: {total}");
}
