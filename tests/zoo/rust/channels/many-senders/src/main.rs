use std::sync::mpsc;
use std::thread;

fn main() {
    let (tx, rx) = mpsc::channel();
    for who in ["ann", "bea", "cid"] {
        let tx = tx.clone();
        thread::spawn(move || {
            for n in 1..=2 {
                tx.send((who, n)).unwrap();
            }
        });
    }
    drop(tx);
    for (who, n) in rx {
        println!("{who} sent {n}");
    }
    println!("all are gone");
}
