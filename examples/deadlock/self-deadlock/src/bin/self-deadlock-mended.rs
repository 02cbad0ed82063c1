//! A method that holds the account's lock lends what the lock guards.
//!
//! std's Mutex cannot be taken twice: a second guard would be a second `&mut`
//! to the same data. But the first one can be handed on.

use std::sync::Mutex;

#[derive(Default)]
struct Account {
    balance: Mutex<u32>,
}

// 1. Pay in: whoever has the `&mut` to the balance has the lock
fn pay_in(balance: &mut u32, amount: u32) {
    *balance += amount;
    println!("balance: {balance}");
}

impl Account {
    fn deposit(&self, amount: u32) {
        pay_in(&mut self.balance.lock().unwrap(), amount);
    }

    // 2. Look what is missing and pay it in, under one lock, so that nobody
    //    else pays in between the two
    fn top_up(&self, goal: u32) {
        let mut balance = self.balance.lock().unwrap();
        println!("from {balance} to {goal}");
        let missing = goal - *balance;
        pay_in(&mut balance, missing);
    }
}

fn main() {
    let account = Account::default();

    // 3. The first takes the lock once
    account.deposit(10);

    // 4. So does the second
    account.top_up(50);
}
