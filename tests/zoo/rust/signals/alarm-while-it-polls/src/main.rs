use std::os::raw::{c_int, c_uint};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn ualarm(first: c_uint, every: c_uint) -> c_uint;
}

const SIGALRM: c_int = 14;
static RINGS: AtomicBool = AtomicBool::new(false);

extern "C" fn ring(_: c_int) {
    RINGS.store(true, Ordering::SeqCst);
}

fn main() {
    let start = Instant::now();
    // SAFETY: the handler only sets a flag.
    unsafe {
        signal(SIGALRM, ring);
        ualarm(20_000, 0);
    }
    while !RINGS.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(1));
    }
    let late = start.elapsed() >= Duration::from_millis(20);
    println!("it rings, not too early: {late}");
}
