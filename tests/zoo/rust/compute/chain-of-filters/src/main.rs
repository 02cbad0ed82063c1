use std::sync::mpsc::{self, Receiver};
use std::thread;

fn filter(input: Receiver<u32>, prime: u32) -> Receiver<u32> {
    let (tx, rx) = mpsc::sync_channel(1);
    thread::spawn(move || {
        for n in input {
            if n % prime != 0 && tx.send(n).is_err() {
                break;
            }
        }
    });
    rx
}

fn main() {
    let (tx, mut numbers) = mpsc::sync_channel(1);
    thread::spawn(move || (2..).try_for_each(|n| tx.send(n)));
    for _ in 0..5 {
        let prime = numbers.recv().unwrap();
        println!("prime {prime}");
        numbers = filter(numbers, prime);
    }
}
