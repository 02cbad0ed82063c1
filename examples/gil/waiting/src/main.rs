//! Threads help with waiting: the system runs others while one waits. Ten
//! wait here for each other, all at once; one after another they would wait
//! for ever.

use std::sync::Barrier;
use std::thread;

const WAITS: usize = 10;

fn wait(i: usize, gate: &Barrier) {
    // 2. The gate opens when all ten have come
    println!("begin: {i}");
    gate.wait();
    println!("end: {i}");
}

fn main() {
    // 1. Start ten waits
    let gate = &Barrier::new(WAITS);
    thread::scope(|s| {
        for i in 0..WAITS {
            s.spawn(move || wait(i, gate));
        }

        // 3. The scope's end waits for all of them
    });
    println!("waited: {WAITS}");
}
