//! A service is started by whoever needs it first, or so it seems.
//!
//! The flag is looked at only before the lock is taken: whoever has to wait
//! for the lock acts on what was true before.

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
        // 2. It was down a moment ago: but is it still?
        let _guard = self.lock.lock().unwrap();
        println!("the service starts");
        println!("the service is up");
        // 3. Say so when it is true, and not before
        self.is_up.store(true, Ordering::Release);
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
