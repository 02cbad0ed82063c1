use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Mutex;
use std::thread::{self, Thread};

static OPEN: AtomicBool = AtomicBool::new(false);
static WAITING: Mutex<Vec<Thread>> = Mutex::new(Vec::new());
static PASSED: AtomicU32 = AtomicU32::new(0);

fn pass() {
    WAITING.lock().unwrap().push(thread::current());
    while !OPEN.load(Ordering::SeqCst) {
        thread::park();
    }
    PASSED.fetch_add(1, Ordering::SeqCst);
}

fn main() {
    thread::scope(|s| {
        s.spawn(pass);
        s.spawn(pass);
        s.spawn(|| {
            OPEN.store(true, Ordering::SeqCst);
            for thread in WAITING.lock().unwrap().drain(..) {
                thread.unpark();
            }
        });
    });
    println!("passed {}", PASSED.load(Ordering::SeqCst));
}
