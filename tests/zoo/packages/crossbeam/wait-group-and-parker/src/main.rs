use crossbeam::sync::{Parker, WaitGroup};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::thread;

fn main() {
    let group = WaitGroup::new();
    let ready = Arc::new(AtomicU32::new(0));
    let parkers: Vec<Parker> = (0..3).map(|_| Parker::new()).collect();
    for parker in &parkers {
        let (group, ready) = (group.clone(), Arc::clone(&ready));
        let unparker = parker.unparker().clone();
        thread::spawn(move || {
            ready.fetch_add(1, Ordering::SeqCst);
            drop(group);
            ready.fetch_add(10, Ordering::SeqCst);
            unparker.unpark();
        });
    }
    group.wait();
    println!("all ready: {}", ready.load(Ordering::SeqCst) % 10 == 3);
    parkers.iter().for_each(Parker::park);
    println!("in the end {}", ready.load(Ordering::SeqCst));
}
