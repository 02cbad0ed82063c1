//! Two fitters wait until three parts are there.
//!
//! A condition variable wakes them at each delivery, and each time they look
//! for themselves whether that is enough.

use std::sync::{Condvar, Mutex};
use std::thread;

const NEEDED: u32 = 3;

struct Store {
    parts: Mutex<u32>,
    delivery: Condvar,
}

// 1. Wait as long as there are too few; the lock is held again afterwards
fn fit(who: u32, store: &Store) {
    println!("fitter {who} comes");
    let parts = store.parts.lock().unwrap();
    let too_few = |parts: &mut u32| *parts < NEEDED;
    let parts = store.delivery.wait_while(parts, too_few).unwrap();
    println!("fitter {who} starts with {parts} parts");
}

// 2. Change what is waited for under the lock, and wake all who wait
fn deliver(store: &Store) {
    for _ in 0..NEEDED {
        let mut parts = store.parts.lock().unwrap();
        *parts += 1;
        println!("part {parts} delivered");
        store.delivery.notify_all();
    }
}

fn main() {
    // 3. It does not matter who comes first: a fitter who comes late finds
    //    the parts there, and does not wait at all
    let store = &Store {
        parts: Mutex::new(0),
        delivery: Condvar::new(),
    };
    thread::scope(|s| {
        for who in 1..=2 {
            s.spawn(move || fit(who, store));
        }
        deliver(store);
    });
}
