use dashmap::DashMap;
use std::thread;

fn main() {
    let counts = DashMap::new();
    thread::scope(|s| {
        for text in ["a b a", "b c b", "c a c"] {
            let counts = &counts;
            s.spawn(move || {
                for word in text.split(' ') {
                    *counts.entry(word).or_insert(0) += 1;
                }
            });
        }
    });
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_unstable();
    println!("counts {all:?}");
}
