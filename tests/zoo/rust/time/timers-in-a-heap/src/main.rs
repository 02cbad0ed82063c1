use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

type Heap = BinaryHeap<Reverse<(Instant, &'static str)>>;

fn run(shared: &(Mutex<Heap>, Condvar), count: usize) -> Vec<&'static str> {
    let mut fired = Vec::new();
    let mut heap = shared.0.lock().unwrap();
    while fired.len() < count {
        let now = Instant::now();
        match heap.peek() {
            Some(Reverse((due, _))) if *due <= now => {
                fired.extend(heap.pop().map(|Reverse((_, name))| name));
            }
            Some(Reverse((due, _))) => {
                let left = *due - now;
                heap = shared.1.wait_timeout(heap, left).unwrap().0;
            }
            None => heap = shared.1.wait(heap).unwrap(),
        }
    }
    fired
}

fn main() {
    let shared = Arc::new((Mutex::new(Heap::new()), Condvar::new()));
    let theirs = Arc::clone(&shared);
    let timer = thread::spawn(move || run(&theirs, 3));
    let start = Instant::now();
    let mut heap = shared.0.lock().unwrap();
    for (name, ms) in [("tea", 6), ("egg", 4), ("rice", 12)] {
        heap.push(Reverse((start + Duration::from_millis(ms), name)));
    }
    shared.1.notify_one();
    drop(heap);
    println!("fired {:?}", timer.join().unwrap());
    println!("not too early: {}", start.elapsed().as_millis() >= 12);
}
