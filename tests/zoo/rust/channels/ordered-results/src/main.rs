use std::sync::{mpsc, Mutex};
use std::thread;

fn main() {
    let words = ["stop", "live", "was", "on"];
    let (tx, rx) = mpsc::channel();
    let next = Mutex::new(words.iter().enumerate());
    thread::scope(|s| {
        for _ in 0..2 {
            let tx = tx.clone();
            s.spawn(|| {
                let tx = tx;
                loop {
                    let Some((n, word)) = next.lock().unwrap().next() else {
                        break;
                    };
                    tx.send((n, word.chars().rev().collect::<String>()))
                        .unwrap();
                }
            });
        }
    });
    drop(tx);
    let mut results = vec![String::new(); words.len()];
    for (n, word) in rx {
        results[n] = word;
    }
    println!("{}", results.join(" "));
}
