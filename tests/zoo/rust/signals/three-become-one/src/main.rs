use std::os::raw::{c_int, c_ulong};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

type Set = [c_ulong; 16];

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn raise(number: c_int) -> c_int;
    fn sigprocmask(how: c_int, set: *const Set, old: *mut Set) -> c_int;
}

const SIGUSR1: c_int = 10;
static COUNT: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_: c_int) {
    COUNT.fetch_add(1, Ordering::SeqCst);
}

fn main() {
    let mut set: Set = [0; 16];
    set[0] = 1 << (SIGUSR1 - 1);
    // SAFETY: all pointers are good, and the handler only counts.
    let (before, after) = unsafe {
        signal(SIGUSR1, count);
        sigprocmask(0, &set, ptr::null_mut());
        for _ in 0..3 {
            raise(SIGUSR1);
        }
        let before = COUNT.load(Ordering::SeqCst);
        sigprocmask(1, &set, ptr::null_mut());
        (before, COUNT.load(Ordering::SeqCst))
    };
    println!("blocked {before}, unblocked {after}");
}
