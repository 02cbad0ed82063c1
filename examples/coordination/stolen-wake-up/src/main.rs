//! A customer is called to the shelf, and another takes the loaf first.
//!
//! Between the call and the moment when the one called has the lock again,
//! anybody may have it: who does not look again takes a loaf that is not
//! there.

use std::sync::{Condvar, Mutex};
use std::thread;

const CUSTOMERS: u32 = 3;

struct Shelf {
    loaves: Mutex<i32>,
    filled: Condvar,
}

// 1. If the shelf is empty, wait; then take a loaf
fn buy(who: u32, shelf: &Shelf) {
    let mut loaves = shelf.loaves.lock().unwrap();
    if *loaves == 0 {
        loaves = shelf.filled.wait(loaves).unwrap();
    }
    *loaves -= 1;
    println!("customer {who} takes one: {loaves} left");
}

// 2. Put a loaf there for each customer, and call one of those who wait
fn bake(shelf: &Shelf) {
    for _ in 0..CUSTOMERS {
        let mut loaves = shelf.loaves.lock().unwrap();
        *loaves += 1;
        println!("a loaf is baked: {loaves} there");
        shelf.filled.notify_one();
    }
}

fn main() {
    // 3. As many loaves as customers
    let shelf = &Shelf {
        loaves: Mutex::new(0),
        filled: Condvar::new(),
    };
    thread::scope(|s| {
        for who in 1..=CUSTOMERS {
            s.spawn(move || buy(who, shelf));
        }
        bake(shelf);
    });
    println!("in the end: {}", shelf.loaves.lock().unwrap());
}
