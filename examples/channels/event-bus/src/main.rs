//! One publishes, two subscribe: each gets every message, in order.
//!
//! A channel hands each item to one taker; a bus has a channel for each
//! subscriber and sends a copy into all of them.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

const NEWS: [&str; 3] = ["sunrise", "noon", "sunset"];

#[derive(Default)]
struct Bus {
    inboxes: Vec<Sender<String>>,
}

impl Bus {
    // 1. Whoever subscribes gets an inbox of their own
    fn subscribe(&mut self) -> Receiver<String> {
        let (sender, inbox) = mpsc::channel();
        self.inboxes.push(sender);
        inbox
    }

    // 2. A message goes into every inbox; who has left needs none
    fn publish(&mut self, message: &str) {
        self.inboxes
            .retain(|inbox| inbox.send(message.to_owned()).is_ok());
    }
}

// 3. Read until there is nothing more to come
fn read(name: &str, inbox: Receiver<String>) {
    for message in inbox {
        println!("{name} reads {message}");
    }
    println!("{name} is done");
}

fn main() {
    // 4. Subscribe first: nobody gets what was published before
    let mut bus = Bus::default();
    let readers = ["ann", "bob"].map(|name| {
        let inbox = bus.subscribe();
        thread::spawn(move || read(name, inbox))
    });
    for message in NEWS {
        println!("published: {message}");
        bus.publish(message);
    }

    // 5. Drop the bus, and with it the senders: that was all
    drop(bus);
    for reader in readers {
        reader.join().unwrap();
    }
}
