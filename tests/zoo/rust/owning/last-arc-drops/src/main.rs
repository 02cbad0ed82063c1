use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

static DROPS: AtomicU32 = AtomicU32::new(0);

struct Light;

impl Drop for Light {
    fn drop(&mut self) {
        DROPS.fetch_add(1, Ordering::SeqCst);
    }
}

fn main() {
    let light = Arc::new(Light);
    let weak: Weak<Light> = Arc::downgrade(&light);
    let guests: Vec<_> = (0..3)
        .map(|_| {
            let light = Arc::clone(&light);
            thread::spawn(move || drop(light))
        })
        .collect();
    drop(light);
    for guest in guests {
        guest.join().unwrap();
    }
    let gone = weak.upgrade().is_none();
    println!("drops {}, gone: {gone}", DROPS.load(Ordering::SeqCst));
}
