use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Once;
use std::thread;

static SETUP: Once = Once::new();
static CALLS: AtomicU32 = AtomicU32::new(0);
static VALUE: AtomicU32 = AtomicU32::new(0);

fn value() -> u32 {
    SETUP.call_once(|| {
        CALLS.fetch_add(1, Ordering::Relaxed);
        thread::yield_now();
        VALUE.store(42, Ordering::Relaxed);
    });
    VALUE.load(Ordering::Relaxed)
}

fn main() {
    println!("before: {}", SETUP.is_completed());
    let values = [(); 3]
        .map(|()| thread::spawn(value))
        .map(|h| h.join().unwrap());
    println!(
        "values {values:?} after {} call",
        CALLS.load(Ordering::Relaxed)
    );
}
