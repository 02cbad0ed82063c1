use std::collections::hash_map::DefaultHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::mpsc;
use std::thread;

const LINES: [&str; 3] = ["to be or not", "not to worry", "be or worry"];

fn main() {
    let (senders, reducers): (Vec<_>, Vec<_>) = (0..2)
        .map(|_| {
            let (tx, rx) = mpsc::channel::<&str>();
            let reducer = thread::spawn(move || {
                let mut counts = BTreeMap::new();
                for word in rx {
                    *counts.entry(word).or_insert(0) += 1;
                }
                counts
            });
            (tx, reducer)
        })
        .unzip();
    for line in LINES {
        let senders = senders.clone();
        thread::spawn(move || {
            for word in line.split_whitespace() {
                let mut hasher = DefaultHasher::new();
                word.hash(&mut hasher);
                let n = hasher.finish() as usize % senders.len();
                senders[n].send(word).unwrap();
            }
        });
    }
    drop(senders);
    let mut all = BTreeMap::new();
    for reducer in reducers {
        all.extend(reducer.join().unwrap());
    }
    for (word, n) in all {
        println!("{word}: {n}");
    }
}
