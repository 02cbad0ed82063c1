use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

fn main() {
    let numbers: Vec<u32> = (1..=12).collect();
    let total = AtomicU32::new(0);
    let mut squares = vec![0; numbers.len()];
    thread::scope(|s| {
        for (from, to) in numbers.chunks(4).zip(squares.chunks_mut(4)) {
            let total = &total;
            s.spawn(move || {
                for (n, slot) in from.iter().zip(to) {
                    *slot = n * n;
                }
                total.fetch_add(from.iter().sum(), Ordering::Relaxed);
            });
        }
    });
    println!("total {}", total.load(Ordering::Relaxed));
    println!("squares {}", squares.iter().sum::<u32>());
}
