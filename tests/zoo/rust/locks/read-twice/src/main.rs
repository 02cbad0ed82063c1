use std::sync::{Arc, RwLock};
use std::thread;

fn main() {
    let table = Arc::new(RwLock::new(7));
    let theirs = Arc::clone(&table);
    let reading = thread::spawn(move || {
        let first = theirs.read().unwrap();
        let seen = *first;
        drop(first);
        let second = theirs.read().unwrap();
        println!("read in order: {}", seen <= *second);
    });
    *table.write().unwrap() = 8;
    reading.join().unwrap();
}
