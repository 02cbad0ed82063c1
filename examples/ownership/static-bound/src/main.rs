//! Refused (E0597): the thread would use a vector that died when the function
//! returned. `src/bin/owned.rs` and `src/bin/scoped.rs` compile.

use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

fn start(returned: Receiver<()>) -> JoinHandle<()> {
    // 1. A vector that is local to this function
    let numbers = vec![1, 2, 3];
    let borrowed = &numbers;

    // 2. A thread that uses it when the function has returned
    thread::spawn(move || {
        returned.recv().unwrap();
        for n in borrowed {
            println!("{n}");
        }
    })
}

fn main() {
    let (sender, receiver) = mpsc::channel();
    let handle = start(receiver);

    // 3. Here the function is over, and the thread is not
    println!("start has returned");
    sender.send(()).unwrap();
    handle.join().unwrap();
}
