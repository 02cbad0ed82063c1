use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

static HIGHEST: AtomicU32 = AtomicU32::new(0);

fn bid(amount: u32) {
    let mut highest = HIGHEST.load(Ordering::Relaxed);
    while amount > highest {
        let swapped =
            HIGHEST.compare_exchange_weak(highest, amount, Ordering::AcqRel, Ordering::Relaxed);
        match swapped {
            Ok(_) => return,
            Err(other) => highest = other,
        }
    }
}

fn main() {
    thread::scope(|s| {
        for bids in [[30, 70], [50, 40], [20, 60]] {
            s.spawn(move || bids.map(bid));
        }
    });
    println!("sold for {}", HIGHEST.load(Ordering::Acquire));
}
