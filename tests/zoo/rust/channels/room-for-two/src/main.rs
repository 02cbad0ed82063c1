use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() {
    let asked = AtomicI32::new(0);
    let (tx, rx) = mpsc::sync_channel(2);
    let (ahead, sum) = thread::scope(|s| {
        let giver = s.spawn(|| {
            let tx = tx;
            let mut most = 0;
            for n in 1..=6 {
                tx.send(n).unwrap();
                most = most.max(n - asked.load(Ordering::SeqCst));
            }
            most
        });
        let mut sum = 0;
        for n in std::iter::from_fn(|| {
            asked.fetch_add(1, Ordering::SeqCst);
            rx.recv().ok()
        }) {
            thread::sleep(Duration::from_micros(100));
            sum += n;
        }
        (giver.join().unwrap(), sum)
    });
    println!("sum {sum}, at most two ahead: {}", ahead <= 2);
}
