use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{mpsc, Arc};
use std::thread::{self, Thread};

fn main() {
    let (tx, rx) = mpsc::channel::<(Thread, Arc<AtomicU32>)>();
    let sleepers: Vec<_> = (1..=3)
        .map(|n| {
            let tx = tx.clone();
            thread::spawn(move || {
                let order = Arc::new(AtomicU32::new(0));
                tx.send((thread::current(), Arc::clone(&order))).unwrap();
                while order.load(Ordering::Acquire) == 0 {
                    thread::park();
                }
                n * order.load(Ordering::Acquire)
            })
        })
        .collect();
    drop(tx);
    for (thread, order) in rx {
        order.store(10, Ordering::Release);
        thread.unpark();
    }
    for sleeper in sleepers {
        println!("filled: {}", sleeper.join().unwrap());
    }
}
