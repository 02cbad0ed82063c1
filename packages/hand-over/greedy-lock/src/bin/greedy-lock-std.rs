//! The same with the lock of the standard library, which belongs to whoever
//! is first when it is free: mostly the one who has just let go of it.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

fn wait(lock: &Mutex<()>) {
    let _guard = lock.lock().unwrap();
    println!("the other one has it");
}

fn main() {
    let lock = Mutex::new(());
    thread::scope(|s| {
        // 1. Work under the lock until the other one waits for it
        let guard = lock.lock().unwrap();
        s.spawn(|| wait(&lock));
        println!("main has it");
        thread::sleep(Duration::from_millis(200));

        // 2. Let go, and take it again
        drop(guard);
        let _guard = lock.lock().unwrap();
        println!("main has it again");
    });
}
