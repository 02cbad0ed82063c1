//! A waiter rings for each of three orders, and the cook may wake but once.
//!
//! There is at most one token: a wake-up says that there is something to do,
//! not how much.

use std::mem;
use std::sync::Mutex;
use std::thread;

const ORDERS: usize = 3;

static PENDING: Mutex<Vec<usize>> = Mutex::new(Vec::new());

// 1. Sleep until the bell rings; then take all that is there
fn cook() {
    let mut cooked = 0;
    while cooked < ORDERS {
        thread::park(); // takes the token, if there is one
        let found = mem::take(&mut *PENDING.lock().unwrap());
        println!("cook finds {}", found.len());
        cooked += found.len();
    }
}

fn main() {
    let kitchen = thread::spawn(cook);

    // 2. Hand in an order, then ring
    for order in 1..=ORDERS {
        println!("order {order}");
        PENDING.lock().unwrap().push(order);
        kitchen.thread().unpark();
    }
    kitchen.join().unwrap();
    println!("all is cooked");
}
