//! One of the compiler's hints was an `AtomicI64`. It compiles, and the race
//! is back: each step is atomic, but not the two together. Rust rules out
//! data races, not this.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::thread;

struct Account {
    balance: AtomicI64,
}

impl Account {
    fn withdraw(&self, who: &str, amount: i64) -> i64 {
        // 2. Check, then act
        if self.balance.load(SeqCst) < amount {
            println!("{who} may not take {amount}");
            return 0;
        }
        println!("{who} may take {amount}");
        self.balance.fetch_sub(amount, SeqCst);
        amount
    }
}

fn main() {
    // 1. Two threads share an account
    let balance = AtomicI64::new(100);
    let account = Account { balance };
    let taken = thread::scope(|s| {
        let ann = s.spawn(|| account.withdraw("ann", 80));
        let bob = s.spawn(|| account.withdraw("bob", 80));
        ann.join().unwrap() + bob.join().unwrap()
    });

    // 3. What is left, and what was paid out?
    let balance = account.balance.into_inner();
    println!("balance: {balance}, taken: {taken}");
}
