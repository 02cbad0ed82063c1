//! A balance that can be changed by a shared borrow, in a `Cell`, is not
//! `Sync`: threads may not share it. This does not compile (error E0277).

use std::cell::Cell;
use std::thread;

struct Account {
    balance: Cell<i64>,
}

impl Account {
    fn withdraw(&self, who: &str, amount: i64) -> i64 {
        // 2. Check, then act
        if self.balance.get() < amount {
            println!("{who} may not take {amount}");
            return 0;
        }
        println!("{who} may take {amount}");
        self.balance.set(self.balance.get() - amount);
        amount
    }
}

fn main() {
    // 1. Two threads would share an account
    let balance = Cell::new(100);
    let account = Account { balance };
    let taken = thread::scope(|s| {
        let ann = s.spawn(|| account.withdraw("ann", 80));
        let bob = s.spawn(|| account.withdraw("bob", 80));
        ann.join().unwrap() + bob.join().unwrap()
    });

    // 3. What would be left, and what was paid out?
    let balance = account.balance.get();
    println!("balance: {balance}, taken: {taken}");
}
