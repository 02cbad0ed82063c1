//! Two workers cut four cakes, and one of the jobs fails.
//!
//! A panic would end its worker, and the pool would be one worker short for
//! all that follows. `catch_unwind` makes a value of it, and the worker goes
//! on with the next job.

use std::panic;
use std::sync::{mpsc, Mutex};
use std::thread;

const WORKERS: usize = 2;
const GUESTS: [u32; 4] = [0, 1, 2, 3];

fn slices_each(guests: u32) -> u32 {
    12 / guests
}

fn main() {
    let jobs = Mutex::new(GUESTS.iter());
    let next = || jobs.lock().unwrap().next();
    let (sender, results) = mpsc::channel();

    // 1. All jobs are handed in; the failing one is done like the others
    thread::scope(|s| {
        for _ in 0..WORKERS {
            let (sender, next) = (sender.clone(), &next);
            s.spawn(move || {
                while let Some(&guests) = next() {
                    let result = panic::catch_unwind(|| slices_each(guests));
                    sender.send((guests, result)).unwrap();
                }
            });
        }
    });
    drop(sender);

    // 2. Ask for each result
    let mut results: Vec<_> = results.into_iter().collect();
    results.sort_by_key(|(guests, _)| *guests);
    for (guests, result) in results {
        match result {
            Ok(slices) => println!("{guests} guests: {slices} slices each"),
            Err(_) => println!("{guests} guests: failed"),
        }
    }
}
