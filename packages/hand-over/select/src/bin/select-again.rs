//! The same without `never`: a channel that has come to its end is ready
//! whenever it is looked at, and is taken again and again.

use crossbeam_channel::{select, unbounded, Sender};
use std::thread;

fn send<T>(channel: Sender<T>, items: [T; 2]) {
    for item in items {
        if channel.send(item).is_err() {
            return; // nobody listens any more
        }
    }
}

fn main() {
    // 1. Two senders
    let (for_words, words) = unbounded();
    let (for_numbers, numbers) = unbounded();
    thread::spawn(move || send(for_words, ["one", "two"]));
    thread::spawn(move || send(for_numbers, [1, 2]));

    // 2. Take what is there; whoever has come to its end is told twice
    let mut running = 2;
    while running > 0 {
        select! {
            recv(words) -> word => if let Ok(word) = word {
                println!("word {word}");
            } else {
                println!("no more words");
                running -= 1;
            },
            recv(numbers) -> number => if let Ok(number) = number {
                println!("number {number}");
            } else {
                println!("no more numbers");
                running -= 1;
            },
        }
    }
}
