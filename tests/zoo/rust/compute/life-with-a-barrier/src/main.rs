use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::Barrier;
use std::thread;

const SIZE: usize = 8;

fn main() {
    let cells: [AtomicU8; SIZE] = [0, 0, 0, 1, 0, 0, 0, 0].map(AtomicU8::new);
    let barrier = Barrier::new(2);
    thread::scope(|s| {
        for half in 0..2 {
            let (cells, barrier) = (&cells, &barrier);
            s.spawn(move || {
                let mine = half * SIZE / 2..(half + 1) * SIZE / 2;
                for _ in 0..3 {
                    let next = mine.clone().map(|i| {
                        let left = cells[(i + SIZE - 1) % SIZE].load(Relaxed);
                        let right = cells[(i + 1) % SIZE].load(Relaxed);
                        left ^ right
                    });
                    let next: Vec<u8> = next.collect();
                    barrier.wait();
                    for (i, value) in mine.clone().zip(next) {
                        cells[i].store(value, Relaxed);
                    }
                    barrier.wait();
                }
            });
        }
    });
    let cells: Vec<String> = cells.iter().map(|c| c.load(Relaxed).to_string()).collect();
    println!("cells {}", cells.concat());
}
