//! What orders and what is ordered have eight bytes in common; the argument says which.

use std::env;
use std::sync::{Mutex, OnceLock};
use std::thread;

fn once() {
    let winner = OnceLock::new();
    thread::scope(|scope| {
        let winner = &winner;
        for offer in [1, 2, 3] {
            scope.spawn(move || println!("{}", *winner.get_or_init(|| offer) > 0));
        }
    });
}

/// A lock and its number take twelve bytes: the next lock begins beside this one's number.
fn locks() {
    let numbers = [Mutex::new(0), Mutex::new(0), Mutex::new(0)];
    thread::scope(|scope| {
        for at in [0, 1, 0, 1] {
            let numbers = &numbers;
            scope.spawn(move || {
                let mut first = numbers[at].lock().unwrap();
                let mut second = numbers[at + 1].lock().unwrap();
                *first += 1;
                println!("{}", *second >= 0);
                *second += 1;
            });
        }
    });
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "once" => once(),
        _ => locks(),
    }
}
