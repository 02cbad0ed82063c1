//! A bounded channel makes a fast producer wait for its consumer.
//!
//! The producer can run ahead, but by no more than the channel holds and what
//! the two have in hand.

use std::sync::mpsc::{self, SyncSender};
use std::thread;

const ROOM: usize = 2;
const ITEMS: u32 = 6;

// 1. Offer the items one by one; `send` waits while the channel is full
fn produce(items: SyncSender<u32>) {
    for item in 1..=ITEMS {
        println!("producer offers {item}");
        items.send(item).unwrap();
    }
    // The sender is dropped here, and that closes the channel
}

fn main() {
    let (sender, receiver) = mpsc::sync_channel(ROOM);
    let producer = thread::spawn(move || produce(sender));

    // 2. Take them until it is closed; the loop waits while it is empty
    for item in receiver {
        println!("consumer takes {item}");
    }

    // 3. Nothing can come after the end
    producer.join().unwrap();
    println!("consumer has taken all");
}
