use std::io::{Read, Write};
use std::os::raw::{c_int, c_short, c_ulong};
use std::os::unix::io::AsRawFd;
use std::os::unix::net::UnixStream;
use std::thread;

#[repr(C)]
struct PollFd {
    fd: c_int,
    events: c_short,
    revents: c_short,
}

extern "C" {
    fn poll(fds: *mut PollFd, count: c_ulong, timeout: c_int) -> c_int;
}

const POLLIN: c_short = 1;

fn main() {
    let pairs = [(); 2].map(|()| UnixStream::pair().unwrap());
    let mut sums = [0; 2];
    let mut readers = Vec::new();
    for ((reader, mut writer), n) in pairs.into_iter().zip(1_u8..) {
        readers.push(reader);
        thread::spawn(move || {
            for factor in 1..=3 {
                writer.write_all(&[n * factor]).unwrap();
                thread::yield_now();
            }
        });
    }
    let watch = |r: &UnixStream| PollFd {
        fd: r.as_raw_fd(),
        events: POLLIN,
        revents: 0,
    };
    let mut fds: Vec<_> = readers.iter().map(watch).collect();
    while fds.iter().any(|fd| fd.fd >= 0) {
        // SAFETY: the array is as long as is said.
        unsafe { poll(fds.as_mut_ptr(), 2, -1) };
        for n in (0..2)
            .filter(|&n| fds[n].fd >= 0 && fds[n].revents != 0)
            .collect::<Vec<_>>()
        {
            let mut byte = [0];
            match readers[n].read(&mut byte).unwrap() {
                0 => fds[n].fd = -1,
                _ => sums[n] += i32::from(byte[0]),
            }
        }
    }
    println!("sums {sums:?}");
}
