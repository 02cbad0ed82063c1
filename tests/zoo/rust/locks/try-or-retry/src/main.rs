use std::sync::{Mutex, TryLockError};
use std::thread;

fn deposit(till: &Mutex<Vec<u32>>, coins: &[u32]) {
    let mut pocket = Vec::new();
    for &coin in coins {
        pocket.push(coin);
        match till.try_lock() {
            Ok(mut till) => till.append(&mut pocket),
            Err(TryLockError::WouldBlock) => thread::yield_now(),
            Err(TryLockError::Poisoned(error)) => panic!("{error}"),
        }
    }
    till.lock().unwrap().append(&mut pocket);
}

fn main() {
    let till = Mutex::new(Vec::new());
    thread::scope(|s| {
        s.spawn(|| deposit(&till, &[1, 2, 5]));
        s.spawn(|| deposit(&till, &[10, 20, 50]));
    });
    let mut coins = till.into_inner().unwrap();
    coins.sort_unstable();
    println!("coins {coins:?}");
}
