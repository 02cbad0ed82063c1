use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

struct Limiter {
    every: Duration,
    next: Mutex<Instant>,
}

impl Limiter {
    fn wait(&self) {
        let mut next = self.next.lock().unwrap();
        let slot = (*next).max(Instant::now());
        *next = slot + self.every;
        drop(next);
        thread::sleep(slot.saturating_duration_since(Instant::now()));
    }
}

fn main() {
    let start = Instant::now();
    let limiter = Limiter {
        every: Duration::from_millis(5),
        next: Mutex::new(start),
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| (0..3).for_each(|_| limiter.wait()));
        }
    });
    let long = start.elapsed() >= Duration::from_millis(25);
    println!("six took five times as long as the pause, at least: {long}");
}
