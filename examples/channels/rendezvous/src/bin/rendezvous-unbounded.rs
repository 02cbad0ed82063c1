//! A channel without a limit has a function and a sender of its own, and its
//! `send` never waits.
//!
//! The giver is rid of everything though nobody has asked for it.

use std::sync::mpsc::{self, Sender};
use std::thread;

const ITEMS: u32 = 3;

// 1. Give the items one by one; `send` never waits
fn give(items: Sender<u32>) {
    for item in 1..=ITEMS {
        items.send(item).unwrap();
        println!("giver is rid of {item}");
    }
}

fn main() {
    let (sender, items) = mpsc::channel();
    let giver = thread::spawn(move || give(sender));

    // 2. It is soon rid of all, though nobody has asked for anything yet
    giver.join().unwrap();

    // 3. What it has sent is there for whoever comes
    for item in items {
        println!("taker has {item}");
    }
}
