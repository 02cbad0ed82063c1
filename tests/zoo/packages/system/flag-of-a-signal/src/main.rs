use signal_hook::{consts::SIGTERM, flag, low_level};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

fn main() {
    let stop = Arc::new(AtomicBool::new(false));
    flag::register(SIGTERM, Arc::clone(&stop)).unwrap();
    let turns = Arc::new(AtomicU32::new(0));
    let worker = {
        let (stop, turns) = (Arc::clone(&stop), Arc::clone(&turns));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                turns.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(1));
            }
        })
    };
    while turns.load(Ordering::Relaxed) < 3 {
        thread::sleep(Duration::from_millis(1));
    }
    low_level::raise(SIGTERM).unwrap();
    worker.join().unwrap();
    println!("three turns: {}", turns.load(Ordering::Relaxed) >= 3);
}
