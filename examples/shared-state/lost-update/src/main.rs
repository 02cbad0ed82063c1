//! Two threads raise a number by reading it, adding one, writing it back.
//!
//! What one thread writes between the other's read and write is lost. It is
//! no data race, for each step is atomic, and so safe Rust lets it pass.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

const ROUNDS: u32 = 3;

fn plus_one(number: u32) -> u32 {
    number + 1
}

// 1. Read, add, write: three steps, and a thread may be stopped between them
fn work(who: u32, total: &AtomicU32) {
    for update in 1..=ROUNDS {
        total.store(plus_one(total.load(SeqCst)), SeqCst);
        println!("worker {who} made update {update}");
    }
}

fn main() {
    let total = AtomicU32::new(0);

    // 2. Start both workers
    thread::scope(|s| {
        for who in 1..=2 {
            let total = &total;
            s.spawn(move || work(who, total));
        }
    });

    // 3. The scope has waited for both: look at what has come of it
    let total = total.into_inner();
    println!("total: {total}");
}
