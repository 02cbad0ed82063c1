use std::os::raw::{c_int, c_uint, c_void};
use std::thread;

#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
#[derive(Clone, Copy)]
struct Event {
    events: u32,
    data: u64,
}

extern "C" {
    fn epoll_create1(flags: c_int) -> c_int;
    fn epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, event: *mut Event) -> c_int;
    fn epoll_wait(epoll: c_int, events: *mut Event, most: c_int, timeout: c_int) -> c_int;
    fn eventfd(value: c_uint, flags: c_int) -> c_int;
    fn read(fd: c_int, bytes: *mut c_void, count: usize) -> isize;
    fn write(fd: c_int, bytes: *const c_void, count: usize) -> isize;
}

fn main() {
    // SAFETY: every descriptor is open to the end, and all pointers are good.
    unsafe {
        let epoll = epoll_create1(0);
        let counters = [eventfd(0, 0), eventfd(0, 0)];
        for (n, fd) in (0..).zip(counters) {
            let mut event = Event { events: 1, data: n };
            epoll_ctl(epoll, 1, fd, &mut event);
            thread::spawn(move || {
                for step in 1..=3_u64 {
                    write(fd, (&step as *const u64).cast(), 8);
                }
            });
        }
        let mut sums = [0; 2];
        while sums.iter().sum::<u64>() < 12 {
            let mut ready = [Event { events: 0, data: 0 }; 2];
            let count = epoll_wait(epoll, ready.as_mut_ptr(), 2, -1);
            for event in &ready[..count as usize] {
                let (n, mut value) = (event.data as usize, 0_u64);
                read(counters[n], (&mut value as *mut u64).cast(), 8);
                sums[n] += value;
            }
        }
        println!("sums {sums:?}");
    }
}
