use std::os::raw::{c_int, c_long, c_void};
use std::ptr;
use std::time::{Duration, Instant};

extern "C" {
    fn timerfd_create(clock: c_int, flags: c_int) -> c_int;
    fn timerfd_settime(
        fd: c_int,
        flags: c_int,
        new: *const [c_long; 4],
        old: *mut [c_long; 4],
    ) -> c_int;
    fn read(fd: c_int, buffer: *mut c_void, count: usize) -> isize;
}

fn main() {
    let start = Instant::now();
    let every = [0, 3_000_000, 0, 3_000_000];
    let mut ticks = 0;
    // SAFETY: all pointers are good, and the descriptor is open to the end.
    unsafe {
        let timer = timerfd_create(1, 0);
        timerfd_settime(timer, 0, &every, ptr::null_mut());
        while ticks < 4 {
            let mut count = 0_u64;
            read(timer, (&mut count as *mut u64).cast(), 8);
            ticks += count;
        }
    }
    let early = start.elapsed() < Duration::from_millis(3) * ticks as u32;
    println!("enough ticks: {}, too early: {early}", ticks >= 4);
}
