use std::cell::UnsafeCell;
use std::hint;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

struct SpinLock {
    taken: AtomicBool,
    value: UnsafeCell<u32>,
}

// SAFETY: the value is touched only by the one that has taken the flag.
unsafe impl Sync for SpinLock {}

static COUNT: SpinLock = SpinLock {
    taken: AtomicBool::new(false),
    value: UnsafeCell::new(0),
};

fn add_one() {
    while COUNT.taken.swap(true, Ordering::Acquire) {
        hint::spin_loop();
    }
    // SAFETY: the flag is ours.
    let value = unsafe { &mut *COUNT.value.get() };
    let old = *value;
    thread::yield_now();
    *value = old + 1;
    COUNT.taken.store(false, Ordering::Release);
}

fn main() {
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| (0..3).for_each(|_| add_one()));
        }
    });
    // SAFETY: nobody else is left.
    println!("count {}", unsafe { *COUNT.value.get() });
}
