use std::sync::mpsc::{self, TryRecvError};
use std::thread;

fn main() {
    let (tx, rx) = mpsc::channel();
    let sender = thread::spawn(move || {
        for n in [3, 5, 7] {
            tx.send(n).unwrap();
            thread::yield_now();
        }
    });
    let mut sum = 0;
    loop {
        match rx.try_recv() {
            Ok(n) => sum += n,
            Err(TryRecvError::Empty) => thread::yield_now(),
            Err(TryRecvError::Disconnected) => break,
        }
    }
    sender.join().unwrap();
    println!("sum {sum}");
}
