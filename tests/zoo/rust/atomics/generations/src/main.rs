use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::thread;

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    made: AtomicU64,
}

fn main() {
    let shared = Arc::new(Shared::default());
    let theirs = Arc::clone(&shared);
    let worker = thread::spawn(move || {
        let mut mine = 0;
        while !theirs.stop.load(Ordering::Relaxed) || mine < 3 {
            mine += 1;
            theirs.made.fetch_add(1, Ordering::Relaxed);
            thread::yield_now();
        }
        mine
    });
    while shared.made.load(Ordering::Relaxed) < 5 {
        thread::yield_now();
    }
    shared.stop.store(true, Ordering::Relaxed);
    let mine = worker.join().unwrap();
    println!("agreed: {}", mine == shared.made.load(Ordering::Relaxed));
    println!("at least five: {}", mine >= 5);
}
