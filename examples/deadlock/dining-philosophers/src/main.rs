//! Five philosophers at a round table, five forks, and it takes two to eat.
//!
//! Each takes the lower fork first. So nobody who holds the highest one
//! waits, and the table cannot be full of philosophers with one fork each.

use std::sync::Mutex;
use std::thread;

const SEATS: usize = 5;

type Forks = [Mutex<()>; SEATS];

// 1. Take both forks, the lower one first, and eat
fn dine(seat: usize, forks: &Forks) {
    let (left, right) = (seat, (seat + 1) % SEATS);
    let (first, second) = (left.min(right), left.max(right));
    let _first = forks[first].lock().unwrap();
    println!("philosopher {seat} has fork {first}");
    let _second = forks[second].lock().unwrap();
    println!("philosopher {seat} begins to eat");
    println!("philosopher {seat} has eaten");
}

fn main() {
    let forks = &Forks::default();

    // 2. All come to the table
    thread::scope(|s| {
        for seat in 0..SEATS {
            s.spawn(move || dine(seat, forks));
        }

        // 3. The scope's end waits for all: this always ends
    });
    println!("all have eaten");
}
