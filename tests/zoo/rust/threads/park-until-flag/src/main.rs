use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread;

fn main() {
    let open = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&open);
    let guest = thread::spawn(move || {
        while !seen.load(Ordering::Acquire) {
            thread::park();
        }
        println!("guest sees open: {}", seen.load(Ordering::Acquire));
    });
    guest.thread().unpark();
    open.store(true, Ordering::Release);
    guest.thread().unpark();
    guest.join().unwrap();
    println!("host is done");
}
