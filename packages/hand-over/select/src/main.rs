//! Words and numbers come from two threads, and main takes whatever is there
//! first. Each has a channel, and `select!` waits for both.

use crossbeam_channel::{never, select, unbounded, Sender};
use std::thread;

fn send<T>(channel: Sender<T>, items: [T; 2]) {
    for item in items {
        channel.send(item).unwrap();
    }
}

fn main() {
    // 1. Two senders
    let (for_words, mut words) = unbounded();
    let (for_numbers, mut numbers) = unbounded();
    thread::spawn(move || send(for_words, ["one", "two"]));
    thread::spawn(move || send(for_numbers, [1, 2]));

    // 2. Take what is there, until both have come to their end
    let mut running = 2;
    while running > 0 {
        select! {
            recv(words) -> word => if let Ok(word) = word {
                println!("word {word}");
            } else {
                println!("no more words");
                words = never();
                running -= 1;
            },
            recv(numbers) -> number => if let Ok(number) = number {
                println!("number {number}");
            } else {
                println!("no more numbers");
                numbers = never();
                running -= 1;
            },
        }
    }
}
