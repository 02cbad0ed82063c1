//! Three downloads start together; each answer is taken when it is there.
//!
//! Answers come in the order in which they get ready, so each has to be told
//! apart: it travels together with its question.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const SIZES: [(&str, u64); 3] = [("film", 30), ("song", 10), ("poem", 1)];

// 1. What takes its time: the longer, the more there is
fn download(size: u64) -> u64 {
    thread::sleep(Duration::from_millis(size));
    size
}

fn main() {
    let (sender, answers) = mpsc::channel();
    thread::scope(|s| {
        // 2. Start all, each with a sender of its own
        for (name, size) in SIZES {
            println!("asked for the {name}");
            let sender = sender.clone();
            s.spawn(move || sender.send((name, download(size))).unwrap());
        }
        drop(sender); // or the loop below would wait for this one, too

        // 3. Take each answer when it is there
        for (name, size) in answers {
            println!("the {name}: {size} kB");
        }
    });
    println!("that is all");
}
