//! Keys and ticks come from two threads, and main waits for either.
//!
//! Nobody can wait for two receivers of std, but two senders can use one
//! channel: the events are an enum, and the receiver looks which it is.

use std::sync::mpsc::{self, Sender};
use std::thread;

enum Event {
    Key(&'static str),
    Tick(u32),
}

// 1. Two sources, each with its own kind of event
fn keyboard(events: Sender<Event>) {
    for name in ["up", "down", "quit"] {
        events.send(Event::Key(name)).unwrap();
    }
}

fn clock(events: Sender<Event>) {
    for number in 1..=3 {
        if events.send(Event::Tick(number)).is_err() {
            return; // nobody listens any more
        }
    }
}

fn main() {
    // 2. One channel for both
    let (sender, events) = mpsc::channel();
    let another = sender.clone();
    thread::spawn(move || keyboard(sender));
    thread::spawn(move || clock(another));

    // 3. Wait for whatever comes first, and see what it is
    for event in events {
        match event {
            Event::Key("quit") => break,
            Event::Key(name) => println!("key {name}"),
            Event::Tick(number) => println!("tick {number}"),
        }
    }
    println!("quit");
}
