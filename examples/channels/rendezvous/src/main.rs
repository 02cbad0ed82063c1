//! A hand-over: whoever gives goes on only when somebody has taken.
//!
//! A channel with room for none is just that: `send` waits until a receiver
//! takes the item out of its hand.

use std::sync::mpsc::{self, SyncSender};
use std::thread;

const ITEMS: u32 = 3;

// 1. Give the items one by one; `send` waits until this one has been taken
fn give(items: SyncSender<u32>) {
    for item in 1..=ITEMS {
        items.send(item).unwrap();
        println!("giver is rid of {item}");
    }
}

fn main() {
    let (sender, items) = mpsc::sync_channel(0);
    let giver = thread::spawn(move || give(sender));

    // 2. Ask for them one by one
    for item in 1..=ITEMS {
        println!("taker asks for {item}");
        println!("taker has {}", items.recv().unwrap());
    }
    giver.join().unwrap();
}
