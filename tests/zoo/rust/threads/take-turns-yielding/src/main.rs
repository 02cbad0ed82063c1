use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

static TURN: AtomicUsize = AtomicUsize::new(0);

fn player(name: &str, me: usize) {
    for round in 0..3 {
        while TURN.load(Ordering::Acquire) % 2 != me {
            thread::yield_now();
        }
        println!("{name} {round}");
        TURN.fetch_add(1, Ordering::Release);
    }
}

fn main() {
    thread::scope(|s| {
        s.spawn(|| player("ping", 0));
        s.spawn(|| player("pong", 1));
    });
    println!("turns {}", TURN.load(Ordering::Relaxed));
}
