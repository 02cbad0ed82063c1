use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

static READY: AtomicU32 = AtomicU32::new(0);

fn main() {
    let workers: Vec<_> = (0..3)
        .map(|_| {
            thread::spawn(|| {
                thread::sleep(Duration::from_millis(2));
                READY.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    while READY.load(Ordering::SeqCst) < 3 {
        thread::park_timeout(Duration::from_millis(1));
    }
    println!("ready {}", READY.load(Ordering::SeqCst));
    for worker in workers {
        worker.join().unwrap();
    }
}
