use std::os::raw::{c_int, c_long, c_ulong};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

type Set = [c_ulong; 16];

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn sigprocmask(how: c_int, set: *const Set, old: *mut Set) -> c_int;
    fn sigsuspend(mask: *const Set) -> c_int;
    fn setitimer(which: c_int, new: *const [c_long; 4], old: *mut [c_long; 4]) -> c_int;
}

const SIGALRM: c_int = 14;
static TICKS: AtomicU32 = AtomicU32::new(0);

extern "C" fn tick(_: c_int) {
    TICKS.fetch_add(1, Ordering::SeqCst);
}

fn main() {
    let mut alarm: Set = [0; 16];
    alarm[0] = 1 << (SIGALRM - 1);
    let every = [0, 2000, 0, 2000];
    // SAFETY: all pointers are good, and the handler only counts.
    unsafe {
        signal(SIGALRM, tick);
        sigprocmask(0, &alarm, ptr::null_mut());
        setitimer(0, &every, ptr::null_mut());
        while TICKS.load(Ordering::SeqCst) < 3 {
            sigsuspend(&[0; 16]);
            println!("tick {}", TICKS.load(Ordering::SeqCst));
        }
        setitimer(0, &[0; 4], ptr::null_mut());
    }
}
