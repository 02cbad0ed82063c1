//! Two workers that nobody made safe cut four cakes, and one job fails.
//!
//! The panic ends the worker's loop, and with it the thread. The other worker
//! does what is left; had that failed, too, nobody would.

use std::sync::Mutex;
use std::thread;

const WORKERS: u32 = 2;
const GUESTS: [u32; 4] = [0, 1, 2, 3];

// 1. A worker's loop, in which nothing catches a job's panic
fn work(who: u32, next: impl Fn() -> Option<u32>) {
    while let Some(guests) = next() {
        let slices = 12 / guests;
        println!("{guests} guests: {slices} slices each");
    }
    println!("worker {who} goes home");
}

fn main() {
    // 2. Four jobs; a lock held while a job is done would be poisoned by it
    let jobs = Mutex::new(GUESTS.into_iter());
    let next = &|| jobs.lock().unwrap().next();
    thread::scope(|s| {
        let workers: Vec<_> = (1..=WORKERS)
            .map(|who| s.spawn(move || work(who, next)))
            .collect();

        // 3. Wait for both, however they end
        for worker in workers {
            let _ = worker.join();
        }
    });
}
