//! A method that holds the account's lock calls another that takes it.
//!
//! To a Mutex it does not matter that the thread which wants it has it
//! already: the wait has no end. Stop it with Ctrl-C.

use std::sync::Mutex;

#[derive(Default)]
struct Account {
    balance: Mutex<u32>,
}

impl Account {
    // 1. Pay in, under the lock
    fn deposit(&self, amount: u32) {
        if self.balance.try_lock().is_err() {
            println!("the lock is taken");
        }
        let mut balance = self.balance.lock().unwrap();
        *balance += amount;
        println!("balance: {balance}");
    }

    // 2. Look what is missing and pay it in, under the same lock, so that
    //    nobody else pays in between the two
    fn top_up(&self, goal: u32) {
        let balance = self.balance.lock().unwrap();
        println!("from {balance} to {goal}");
        self.deposit(goal - *balance);
    }
}

fn main() {
    let account = Account::default();

    // 3. The first lets go of the lock before it returns
    account.deposit(10);

    // 4. The second never returns
    account.top_up(50);
}
