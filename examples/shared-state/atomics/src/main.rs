//! Two threads draw numbers, and no number is drawn twice.
//!
//! To draw is to read the next number and to raise it. An atomic does both
//! in one step, and needs no lock.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

struct Numbers {
    next: AtomicU32,
}

impl Numbers {
    // 1. Read and raise, with nobody in between
    fn draw(&self) -> u32 {
        self.next.fetch_add(1, Relaxed)
    }
}

fn queue_up(who: &str, numbers: &Numbers) {
    for _ in 0..3 {
        println!("{who} draws {}", numbers.draw());
    }
}

fn main() {
    // 2. Two threads draw three numbers each
    let next = AtomicU32::new(1);
    let numbers = Numbers { next };
    thread::scope(|s| {
        s.spawn(|| queue_up("ann", &numbers));
        s.spawn(|| queue_up("bob", &numbers));
    });

    // 3. Six are gone
    println!("the next is {}", numbers.draw());
}
