//! A `Mutex` owns the vector: a shared borrow is enough to lock it, and only
//! who holds the lock can reach the vector at all.

use std::sync::Mutex;
use std::thread;

fn append_next(numbers: &Mutex<Vec<u32>>) {
    let mut numbers = numbers.lock().unwrap();
    let next = numbers.iter().max().unwrap() + 1;
    numbers.push(next);
}

fn main() {
    let numbers = Mutex::new(vec![1, 2, 3]);

    // 1. Two writers share the vector in its lock
    thread::scope(|s| {
        s.spawn(|| append_next(&numbers));
        s.spawn(|| append_next(&numbers));

        // 2. The scope's end waits for both
    });

    // 3. Always 4 and 5
    println!("numbers: {:?}", numbers.into_inner().unwrap());
}
