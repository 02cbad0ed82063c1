//! A function calls back while another thread looks at the same balance.
//! Nobody is called who could want the mutex while it is held.

use std::sync::Mutex;
use std::thread;

const GOAL: u32 = 10;

static BALANCE: Mutex<u32> = Mutex::new(0);

fn add(report: impl Fn(u32)) {
    let mut balance = BALANCE.lock().unwrap();
    *balance += 1;
    let now = *balance;
    drop(balance);
    report(now);
}

fn look() {
    while *BALANCE.lock().unwrap() < GOAL {
        thread::yield_now();
    }
    println!("the goal is reached");
}

fn main() {
    // 1. One looks until the goal is reached
    let looker = thread::spawn(look);

    // 2. Each addition is reported
    for _ in 0..GOAL {
        add(|now| println!("balance: {now}"));
    }

    // 3. Both come to their end
    looker.join().unwrap();
    println!("done");
}
