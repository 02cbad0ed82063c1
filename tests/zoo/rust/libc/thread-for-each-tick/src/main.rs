use std::os::raw::{c_int, c_long, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A sigevent, as far as a notification by a thread goes.
#[repr(C)]
struct Event {
    value: usize,
    signal: c_int,
    notify: c_int,
    function: extern "C" fn(usize),
    attributes: *const c_void,
    rest: [u64; 4],
}

extern "C" {
    fn timer_create(clock: c_int, event: *mut Event, timer: *mut *mut c_void) -> c_int;
    fn timer_settime(
        timer: *mut c_void,
        flags: c_int,
        new: *const [c_long; 4],
        old: *mut [c_long; 4],
    ) -> c_int;
    fn timer_delete(timer: *mut c_void) -> c_int;
}

static SUM: AtomicU32 = AtomicU32::new(0);

extern "C" fn tick(value: usize) {
    SUM.fetch_add(value as u32, Ordering::SeqCst);
}

fn main() {
    let start = Instant::now();
    let mut event = Event {
        value: 5,
        signal: 0,
        notify: 2,
        function: tick,
        attributes: ptr::null(),
        rest: [0; 4],
    };
    let every = [0, 3_000_000, 0, 3_000_000];
    let mut timer = ptr::null_mut();
    // SAFETY: all pointers are good, and the timer is deleted once.
    unsafe {
        timer_create(1, &mut event, &mut timer);
        timer_settime(timer, 0, &every, ptr::null_mut());
        while SUM.load(Ordering::SeqCst) < 15 {
            thread::sleep(Duration::from_millis(1));
        }
        timer_delete(timer);
    }
    let early = start.elapsed() < Duration::from_millis(3);
    println!(
        "enough: {}, too early: {early}",
        SUM.load(Ordering::SeqCst) % 5 == 0
    );
}
