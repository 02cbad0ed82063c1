use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

fn double(value: &AtomicU64) {
    let mut old = value.load(Ordering::SeqCst);
    loop {
        match value.compare_exchange_weak(old, old * 2, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => break,
            Err(now) => old = now,
        }
    }
}

fn main() {
    let value = AtomicU64::new(1);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| (0..3).for_each(|_| double(&value)));
        }
    });
    println!("doubled to {}", value.into_inner());
}
