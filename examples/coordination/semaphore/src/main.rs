//! A semaphore lets up to three threads in at a time.
//!
//! Whoever is inside waits for two companions, so the program ends only if
//! three can really be inside together. The standard library has no
//! semaphore, but a mutex and a condition variable make one.

use std::sync::{Barrier, Condvar, Mutex};
use std::thread;

const PERMITS: usize = 3;
const WORKERS: usize = 6;

struct Semaphore {
    free: Mutex<usize>,
    returned: Condvar,
}

impl Semaphore {
    fn new(permits: usize) -> Self {
        Self {
            free: Mutex::new(permits),
            returned: Condvar::new(),
        }
    }

    fn acquire(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap();
        let mut free = self.returned.wait_while(free, |n| *n == 0).unwrap();
        *free -= 1;
        Permit { semaphore: self }
    }
}

struct Permit<'a> {
    semaphore: &'a Semaphore,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.semaphore.free.lock().unwrap() += 1;
        self.semaphore.returned.notify_one();
    }
}

// 1. Take a permit, or wait for one; give it back at the end of the block
fn work(who: usize, permits: &Semaphore, company: &Barrier) {
    let _permit = permits.acquire();
    println!("worker {who} enters");
    company.wait();
    println!("worker {who} leaves");
}

fn main() {
    // 2. Three permits for six workers; company is three, too
    let permits = &Semaphore::new(PERMITS);
    let company = &Barrier::new(PERMITS);
    thread::scope(|s| {
        for who in 1..=WORKERS {
            s.spawn(move || work(who, permits, company));
        }
    });
    println!("all have been in");
}
