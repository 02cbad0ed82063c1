//! A sender puts three items into a channel, ends, and is gone.
//!
//! What it has sent is still there. The end is no item but a state of the
//! channel: whoever asks again is told again.

use std::sync::mpsc::{self, Sender};
use std::thread;

fn produce(items: Sender<u32>) {
    for item in 1..=3 {
        items.send(item).unwrap();
        println!("sent {item}");
    }
}

fn main() {
    // 1. Let the sender do all its work, and end
    let (sender, items) = mpsc::channel();
    let producer = thread::spawn(move || produce(sender));
    producer.join().unwrap();
    println!("the sender is gone");

    // 2. Take what it has left, until the channel is empty and closed
    while let Ok(item) = items.recv() {
        println!("received {item}");
    }
    println!("the end");

    // 3. Ask again: `recv` does not wait, for nothing can come any more
    if items.recv().is_err() {
        println!("asked again: closed");
    }
}
