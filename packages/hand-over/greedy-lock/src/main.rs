//! Main works under a lock, lets go of it, and takes it again at once.
//! Another thread has been waiting for it all the time.

use parking_lot::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

fn wait(lock: &Mutex<()>) {
    let _guard = lock.lock();
    println!("the other one has it");
}

fn main() {
    let lock = Mutex::new(());
    thread::scope(|s| {
        // 1. Work under the lock until the other one waits for it
        let guard = lock.lock();
        s.spawn(|| wait(&lock));
        println!("main has it");
        thread::sleep(Duration::from_millis(200));

        // 2. Let go, which hands it over, and take it again
        MutexGuard::unlock_fair(guard);
        let _guard = lock.lock();
        println!("main has it again");
    });
}
