use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread;

const SIZE: usize = 2;

static SLOTS: [AtomicU32; SIZE] = [AtomicU32::new(0), AtomicU32::new(0)];
static HEAD: AtomicUsize = AtomicUsize::new(0);
static TAIL: AtomicUsize = AtomicUsize::new(0);

fn push(item: u32) {
    let tail = TAIL.load(Ordering::Relaxed);
    while tail - HEAD.load(Ordering::Acquire) == SIZE {
        thread::yield_now();
    }
    SLOTS[tail % SIZE].store(item, Ordering::Relaxed);
    TAIL.store(tail + 1, Ordering::Release);
}

fn pop() -> u32 {
    let head = HEAD.load(Ordering::Relaxed);
    while TAIL.load(Ordering::Acquire) == head {
        thread::yield_now();
    }
    let item = SLOTS[head % SIZE].load(Ordering::Relaxed);
    HEAD.store(head + 1, Ordering::Release);
    item
}

fn main() {
    let producer = thread::spawn(|| (1..=6).for_each(push));
    let items: Vec<u32> = (0..6).map(|_| pop()).collect();
    producer.join().unwrap();
    println!("items {items:?}");
}
