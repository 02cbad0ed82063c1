use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Barrier;
use std::thread;

fn main() {
    let barrier = Barrier::new(3);
    let (leaders, early, done) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                for round in 1..=2 {
                    done.fetch_add(1, Ordering::SeqCst);
                    if barrier.wait().is_leader() {
                        leaders.fetch_add(1, Ordering::SeqCst);
                    }
                    if done.load(Ordering::SeqCst) < 3 * round {
                        early.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    println!(
        "leaders {}, early {}",
        leaders.into_inner(),
        early.into_inner()
    );
}
