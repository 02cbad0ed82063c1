//! A consumer has had enough, and says so by dropping its receiver.
//!
//! `send` gives an error, even if it was already waiting for room, and in the
//! error the item comes back.

use std::sync::mpsc::{self, SendError, SyncSender};
use std::thread;

// 1. Make one item after the other, for as long as they are wanted
fn produce(items: SyncSender<u32>) {
    for item in 1.. {
        if let Err(SendError(item)) = items.send(item) {
            println!("nobody wants item {item}");
            return;
        }
    }
}

fn main() {
    let (sender, items) = mpsc::sync_channel(1);
    let producer = thread::spawn(move || produce(sender));

    // 2. Two are enough
    for item in items.iter().take(2) {
        println!("item {item}");
    }

    // 3. Take no more, and throw away what lies in the channel
    drop(items);
    producer.join().unwrap();
    println!("the producer has stopped");
}
