//! A service is started by whoever needs it first, and only by him.
//!
//! The flag is looked at without the lock, since it is mostly set, and once
//! more with the lock, since somebody else may have been quicker. (`Once`
//! does the same.)

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::thread;

#[derive(Default)]
struct Service {
    lock: Mutex<()>,
    is_up: AtomicBool,
}

impl Service {
    fn ensure_up(&self) {
        // 1. Mostly it is up, and no lock is needed
        if self.is_up.load(Ordering::Acquire) {
            return;
        }
        let _guard = self.lock.lock().unwrap();
        // 2. Look again: is it still down, now that we have the lock?
        if !self.is_up.load(Ordering::Relaxed) {
            println!("the service starts");
            println!("the service is up");
            // 3. Say so when it is true, and not before
            self.is_up.store(true, Ordering::Release);
        }
    }
}

fn use_it(who: &str, service: &Service) {
    service.ensure_up();
    println!("{who} uses the service");
}

fn main() {
    // 4. Two threads need it
    let service = Service::default();
    thread::scope(|s| {
        s.spawn(|| use_it("ann", &service));
        s.spawn(|| use_it("bob", &service));
    });
}
