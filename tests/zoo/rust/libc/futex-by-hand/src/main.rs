use std::os::raw::{c_long, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
}

const FUTEX: c_long = if cfg!(target_arch = "aarch64") {
    98
} else {
    202
};
const WAIT: c_long = 128;
const WAKE: c_long = 129;

static GATE: AtomicU32 = AtomicU32::new(0);
static PASSED: AtomicU32 = AtomicU32::new(0);

fn pass() {
    while GATE.load(Ordering::Acquire) == 0 {
        let none: *const c_void = ptr::null();
        // SAFETY: the word is a static; the kernel looks whether it is still 0.
        unsafe { syscall(FUTEX, GATE.as_ptr(), WAIT, 0 as c_long, none) };
    }
    PASSED.fetch_add(1, Ordering::Relaxed);
}

fn main() {
    let threads = [(); 3].map(|()| thread::spawn(pass));
    println!("opening");
    GATE.store(1, Ordering::Release);
    // SAFETY: as above.
    unsafe { syscall(FUTEX, GATE.as_ptr(), WAKE, c_long::from(i32::MAX)) };
    for thread in threads {
        thread.join().unwrap();
    }
    println!("passed {}", PASSED.load(Ordering::Relaxed));
}
