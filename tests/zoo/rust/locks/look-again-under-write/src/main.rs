use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::RwLock;
use std::thread;

#[derive(Default)]
struct Squares {
    known: RwLock<HashMap<u32, u32>>,
    computed: AtomicU32,
}

impl Squares {
    fn get(&self, n: u32) -> u32 {
        if let Some(&square) = self.known.read().unwrap().get(&n) {
            return square;
        }
        let mut known = self.known.write().unwrap();
        *known.entry(n).or_insert_with(|| {
            self.computed.fetch_add(1, Ordering::Relaxed);
            n * n
        })
    }
}

fn main() {
    let squares = Squares::default();
    let sums = thread::scope(|s| {
        let ask = || (1..=3).map(|n| squares.get(n)).sum::<u32>();
        [s.spawn(ask), s.spawn(ask)].map(|h| h.join().unwrap())
    });
    println!("sums {sums:?}");
    println!("computed {}", squares.computed.load(Ordering::Relaxed));
}
