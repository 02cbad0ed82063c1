use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

static ASKED: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let (tx, rx) = mpsc::sync_channel(0);
    let giver = thread::spawn(move || {
        let mut too_early = 0;
        for n in 1..=4 {
            tx.send(n).unwrap();
            too_early += usize::from(ASKED.load(Ordering::SeqCst) < n);
        }
        too_early
    });
    let mut taken = Vec::new();
    loop {
        ASKED.fetch_add(1, Ordering::SeqCst);
        match rx.recv() {
            Ok(n) => taken.push(n),
            Err(_) => break,
        }
    }
    println!("taken {taken:?}, too early {}", giver.join().unwrap());
}
