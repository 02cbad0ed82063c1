//! Three reporters send their stories to one desk, through one channel.
//!
//! It closes when the last of its senders has been dropped.

use std::sync::mpsc::{self, Sender};
use std::thread;

const REPORTERS: [&str; 3] = ["ann", "bob", "cid"];

type Story = (&'static str, u32);

// 1. Send two stories; the sender is dropped when the function returns
fn report(who: &'static str, desk: Sender<Story>) {
    for number in 1..=2 {
        desk.send((who, number)).unwrap();
    }
}

fn main() {
    // 2. One channel, and a thread and a sender for each reporter
    let (sender, desk) = mpsc::channel();
    for who in REPORTERS {
        let sender = sender.clone();
        thread::spawn(move || report(who, sender));
    }
    // The first sender is still main's, and would keep the channel open
    drop(sender);

    // 3. Take what comes, whoever sent it, until the last one is done
    for (who, number) in desk {
        println!("{who} sent story {number}");
    }
    println!("the paper is full");
}
