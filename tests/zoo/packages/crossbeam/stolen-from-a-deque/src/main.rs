use crossbeam::deque::{Steal, Worker};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

fn main() {
    let worker = Worker::new_fifo();
    let stealer = worker.stealer();
    let sum = AtomicU64::new(0);
    (1..=8).for_each(|n| worker.push(n));
    thread::scope(|s| {
        s.spawn(|| loop {
            match stealer.steal() {
                Steal::Success(n) => sum.fetch_add(n, Ordering::Relaxed),
                Steal::Retry => continue,
                Steal::Empty => break,
            };
        });
        while let Some(n) = worker.pop() {
            sum.fetch_add(n, Ordering::Relaxed);
        }
    });
    println!("sum {}", sum.into_inner());
}
