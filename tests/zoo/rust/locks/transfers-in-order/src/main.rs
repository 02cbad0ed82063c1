use std::sync::Mutex;
use std::thread;

struct Account {
    number: u32,
    balance: Mutex<i64>,
}

fn transfer(from: &Account, to: &Account, amount: i64) {
    let (first, second) = if from.number < to.number {
        (from, to)
    } else {
        (to, from)
    };
    let one = first.balance.lock().unwrap();
    let two = second.balance.lock().unwrap();
    let (mut a, mut b) = if from.number < to.number {
        (one, two)
    } else {
        (two, one)
    };
    *a -= amount;
    *b += amount;
}

fn main() {
    let [anna, bob, carl] = [1, 2, 3].map(|number| Account {
        number,
        balance: Mutex::new(100),
    });
    thread::scope(|s| {
        s.spawn(|| (0..3).for_each(|_| transfer(&anna, &bob, 10)));
        s.spawn(|| (0..3).for_each(|_| transfer(&bob, &carl, 20)));
        s.spawn(|| (0..3).for_each(|_| transfer(&carl, &anna, 5)));
    });
    for account in [anna, bob, carl] {
        let balance = account.balance.into_inner().unwrap();
        println!("account {}: {balance}", account.number);
    }
}
