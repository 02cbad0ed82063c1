use std::os::raw::{c_int, c_long};
use std::{ptr, thread};

#[repr(C)]
struct Timespec {
    seconds: c_long,
    nanos: c_long,
}

extern "C" {
    fn nanosleep(time: *const Timespec, left: *mut Timespec) -> c_int;
    fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
}

const CLOCK_MONOTONIC: c_int = 1;

fn now() -> c_long {
    let mut time = Timespec {
        seconds: 0,
        nanos: 0,
    };
    // SAFETY: it fills in the time.
    unsafe { clock_gettime(CLOCK_MONOTONIC, &mut time) };
    time.seconds * 1_000_000_000 + time.nanos
}

fn sleep(nanos: c_long) {
    let time = Timespec { seconds: 0, nanos };
    // SAFETY: the time lives, and what is left is not asked for.
    unsafe { nanosleep(&time, ptr::null_mut()) };
}

fn main() {
    let start = now();
    let sleepers = [4_000_000, 9_000_000].map(|nanos| thread::spawn(move || sleep(nanos)));
    for sleeper in sleepers {
        sleeper.join().unwrap();
    }
    println!("long enough: {}", now() - start >= 9_000_000);
}
