use std::collections::HashMap;
use std::thread;

const TEXT: &str = "the cat and the dog and the bird";

fn main() {
    let words: Vec<&str> = TEXT.split(' ').collect();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let parts: Vec<HashMap<&str, u32>> = thread::scope(|s| {
        let count = |part: &[&'static str]| {
            let mut counts = HashMap::new();
            part.iter()
                .for_each(|w| *counts.entry(*w).or_default() += 1);
            counts
        };
        let parts: Vec<_> = words.chunks(3).map(|p| s.spawn(move || count(p))).collect();
        parts.into_iter().map(|p| p.join().unwrap()).collect()
    });
    for (word, n) in parts.into_iter().flatten() {
        *counts.entry(word).or_default() += n;
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort();
    for (word, n) in sorted {
        println!("{word} {n}");
    }
}
