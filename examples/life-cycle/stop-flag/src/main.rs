//! A thread cannot be stopped from outside: it is asked to, and looks.
//!
//! The flag is an atomic bool. The worker looks at it before each round.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

// 1. Go on until the flag is set; look at it before each round
fn work(stop: &AtomicBool) {
    let mut rounds = 0;
    while !stop.load(Relaxed) {
        thread::sleep(Duration::from_millis(1));
        rounds += 1;
        println!("worker ends round {rounds}");
    }
    println!("worker stops after {rounds} rounds");
}

fn main() {
    // 2. Start the worker, and do something else
    let stop = Arc::new(AtomicBool::new(false));
    let worker = thread::spawn({
        let stop = Arc::clone(&stop);
        move || work(&stop)
    });
    thread::sleep(Duration::from_millis(4));

    // 3. Ask it to stop
    stop.store(true, Relaxed);
    println!("the flag is set");

    // 4. Wait until it has
    worker.join().unwrap();
    println!("the worker has stopped");
}
