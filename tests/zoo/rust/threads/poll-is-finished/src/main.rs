use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

static STEPS: AtomicU32 = AtomicU32::new(0);

fn main() {
    let worker = thread::spawn(|| {
        for _ in 0..5 {
            STEPS.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_micros(200));
        }
    });
    while !worker.is_finished() {
        thread::sleep(Duration::from_micros(300));
    }
    println!("finished after {} steps", STEPS.load(Ordering::Relaxed));
    worker.join().unwrap();
}
