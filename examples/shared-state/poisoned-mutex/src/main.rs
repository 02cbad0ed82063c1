//! A thread fails in the middle of a change, with the lock in its hand.
//!
//! The mutex is poisoned: who locks it next is told that what it guards may
//! be half done.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

type Accounts = HashMap<&'static str, i64>;

// 1. Take money here and put it there, under one lock
fn transfer(accounts: &Mutex<Accounts>, giver: &str, taker: &str, sum: i64) {
    let mut accounts = accounts.lock().unwrap();
    *accounts.get_mut(giver).expect("the giver's account") -= sum;
    *accounts.get_mut(taker).expect("the taker's account") += sum;
}

fn main() {
    let accounts = Mutex::new(Accounts::from([("ann", 100), ("bob", 0)]));

    // 2. A thread mistypes a name: the money is taken, and put nowhere
    thread::scope(|s| {
        let clerk = s.spawn(|| transfer(&accounts, "ann", "bbo", 30));
        let _ = clerk.join();
    });

    // 3. Whoever comes next gets an error, with the guard in it
    let lock = accounts.lock();
    if lock.is_err() {
        println!("the lock is poisoned");
    }
    let mut accounts = lock.unwrap_or_else(PoisonError::into_inner);
    println!("left: {}", accounts.values().sum::<i64>());

    // 4. It is up to the program to find what is wrong, and to mend it
    let bob = accounts["bob"];
    accounts.insert("ann", 100 - bob);
    println!("mended: {}", accounts.values().sum::<i64>());
}
