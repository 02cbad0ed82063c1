use std::sync::atomic::{fence, AtomicBool, AtomicU32, Ordering};
use std::thread;

static DATA: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];
static READY: AtomicBool = AtomicBool::new(false);

fn main() {
    let writer = thread::spawn(|| {
        DATA[0].store(11, Ordering::Relaxed);
        DATA[1].store(31, Ordering::Relaxed);
        fence(Ordering::Release);
        READY.store(true, Ordering::Relaxed);
    });
    let mut turns = 0_u64;
    while !READY.load(Ordering::Relaxed) {
        turns += 1;
        thread::yield_now();
    }
    fence(Ordering::Acquire);
    let sum: u32 = DATA.iter().map(|n| n.load(Ordering::Relaxed)).sum();
    writer.join().unwrap();
    println!("sum {sum} counted turns {}", turns < u64::MAX);
}
