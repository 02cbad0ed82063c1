use std::os::raw::{c_int, c_long};
use std::ptr;

#[repr(C)]
#[derive(Clone, Copy)]
struct Timespec {
    seconds: c_long,
    nanos: c_long,
}

extern "C" {
    fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
    fn clock_nanosleep(
        clock: c_int,
        flags: c_int,
        time: *const Timespec,
        left: *mut Timespec,
    ) -> c_int;
}

const CLOCK_MONOTONIC: c_int = 1;
const TIMER_ABSTIME: c_int = 1;

fn now() -> Timespec {
    let mut time = Timespec {
        seconds: 0,
        nanos: 0,
    };
    // SAFETY: it fills in the time.
    unsafe { clock_gettime(CLOCK_MONOTONIC, &mut time) };
    time
}

fn main() {
    let mut next = now();
    let mut early = 0;
    for _ in 0..3 {
        next.nanos += 4_000_000;
        next.seconds += next.nanos / 1_000_000_000;
        next.nanos %= 1_000_000_000;
        // SAFETY: the time lives.
        unsafe { clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, ptr::null_mut()) };
        let woken = now();
        early += u32::from((woken.seconds, woken.nanos) < (next.seconds, next.nanos));
    }
    println!("early {early}");
}
