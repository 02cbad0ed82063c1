use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

fn main() {
    let tables = Arc::new([RwLock::new(1), RwLock::new(2)]);
    let over = Arc::new(AtomicBool::new(false));
    let clock = {
        let over = Arc::clone(&over);
        thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(10));
            }
        })
    };
    let copying = [(0, 1), (0, 1)].map(|(from, to)| {
        let tables = Arc::clone(&tables);
        thread::spawn(move || {
            let source = tables[from].read().unwrap();
            *tables[to].write().unwrap() += *source;
        })
    });
    for thread in copying {
        thread.join().unwrap();
    }
    over.store(true, Ordering::SeqCst);
    clock.join().unwrap();
    println!(
        "sum {}",
        *tables[0].read().unwrap() + *tables[1].read().unwrap()
    );
}
