//! Five philosophers at a round table, five forks, and it takes two to eat.
//!
//! Each takes the fork on the left first. When all have done so at once, each
//! waits for a neighbour, for ever. Stop it with Ctrl-C.

use std::sync::Mutex;
use std::thread;

const SEATS: usize = 5;

type Forks = [Mutex<()>; SEATS];

// 1. Take both forks, the left one first, and eat
fn dine(seat: usize, forks: &Forks) {
    let (first, second) = (seat, (seat + 1) % SEATS);
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

        // 3. The scope's end waits for all: this may or may not end
    });
    println!("all have eaten");
}
