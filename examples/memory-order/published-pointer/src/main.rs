//! New settings are made, then published; the others take what is there.
//!
//! The pointer is stored with `Release` and loaded with `Acquire`: whoever
//! finds it finds complete what it points to.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::*};
use std::thread;

struct Settings {
    hosts: u32,
    workers: u32,
}

impl Settings {
    fn new(hosts: u32) -> Box<Settings> {
        let workers = 4 * hosts;
        Box::new(Settings { hosts, workers })
    }
}

static CURRENT: AtomicPtr<Settings> = AtomicPtr::new(ptr::null_mut());

// 1. Make the whole, then publish it: it is never freed, as others may use it
fn publish(settings: Box<Settings>) {
    CURRENT.store(Box::leak(settings), Release);
}

// 2. Take what is there, once, and go on with that
fn serve() -> (u32, u32) {
    // SAFETY: main publishes before it starts anybody, and nothing is freed.
    let settings = unsafe { &*CURRENT.load(Acquire) };
    (settings.hosts, settings.workers)
}

fn main() {
    // 3. One serves while the settings change, another when they have
    publish(Settings::new(2));
    thread::scope(|s| {
        let served = s.spawn(serve);
        publish(Settings::new(3));
        let (hosts, workers) = served.join().unwrap();
        println!("meanwhile: {hosts} hosts, {workers} workers");
    });
    let (hosts, workers) = serve();
    println!("afterwards: {hosts} hosts, {workers} workers");
}
