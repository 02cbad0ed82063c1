//! The lock's guard lives from the check to the act and makes the two one:
//! nobody can come between them.

use std::sync::Mutex;
use std::thread;

struct Account {
    balance: Mutex<i64>,
}

impl Account {
    fn withdraw(&self, who: &str, amount: i64) -> i64 {
        // 2. Check and act under one lock
        let mut balance = self.balance.lock().unwrap();
        if *balance < amount {
            println!("{who} may not take {amount}");
            return 0;
        }
        println!("{who} may take {amount}");
        *balance -= amount;
        amount
    }
}

fn main() {
    // 1. Two threads share an account
    let balance = Mutex::new(100);
    let account = Account { balance };
    let taken = thread::scope(|s| {
        let ann = s.spawn(|| account.withdraw("ann", 80));
        let bob = s.spawn(|| account.withdraw("bob", 80));
        ann.join().unwrap() + bob.join().unwrap()
    });

    // 3. What is left, and what was paid out?
    let balance = account.balance.into_inner().unwrap();
    println!("balance: {balance}, taken: {taken}");
}
