//! Mended by owning: the thread takes the vector along, out of the function.

use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

fn start(returned: Receiver<()>) -> JoinHandle<()> {
    // 1. A vector that is local to this function
    let numbers = vec![1, 2, 3];

    // 2. A thread that owns it, and uses it when the function has returned
    thread::spawn(move || {
        returned.recv().unwrap();
        for n in &numbers {
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
