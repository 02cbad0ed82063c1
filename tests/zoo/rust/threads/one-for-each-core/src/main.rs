use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

const END: u64 = 60;

fn main() {
    let workers = thread::available_parallelism().map_or(1, |n| n.get().min(4)) as u64;
    let next = AtomicU64::new(1);
    let total = AtomicU64::new(0);
    thread::scope(|s| {
        for _ in 0..workers {
            s.spawn(|| loop {
                let from = next.fetch_add(20, Ordering::Relaxed);
                if from > END {
                    break;
                }
                total.fetch_add((from..from + 20).sum(), Ordering::Relaxed);
            });
        }
    });
    println!("sum 1..={END} is {}", total.into_inner());
}
