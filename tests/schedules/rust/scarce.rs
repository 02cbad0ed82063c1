//! Many atomics, and no more memory to be had than there is: what is kept of them has an end.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

const PAGE: usize = 4096;
const LEFT: usize = 3 << 20;
const COUNT: usize = 20_000;
const ADDRESS_SPACE: i32 = 9;

#[allow(clippy::declare_interior_mutable_const)]
const ZERO: AtomicU32 = AtomicU32::new(0);
static ALL: [AtomicU32; COUNT] = [ZERO; COUNT];

extern "C" {
    fn setrlimit(resource: i32, limits: *const [usize; 2]) -> i32;
}

/// From here on the process gets three more megabytes.
fn limit() {
    let sizes = fs::read_to_string("/proc/self/statm").unwrap();
    let size = sizes.split(' ').next().unwrap().parse::<usize>().unwrap() * PAGE;
    let limits = [size + LEFT; 2];
    assert_eq!(0, unsafe { setrlimit(ADDRESS_SPACE, &limits) });
}

fn main() {
    let other = thread::spawn(|| ALL[0].store(1, SeqCst));
    limit();
    for each in &ALL {
        each.fetch_add(1, SeqCst);
    }
    other.join().unwrap();
    println!(
        "{}",
        ALL.iter().map(|each| each.load(SeqCst)).sum::<u32>() >= COUNT as u32
    );
}
