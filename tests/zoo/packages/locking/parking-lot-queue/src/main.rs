use parking_lot::{Condvar, Mutex, MutexGuard};
use std::collections::VecDeque;
use std::thread;

static QUEUE: Mutex<VecDeque<u32>> = Mutex::new(VecDeque::new());
static CHANGED: Condvar = Condvar::new();

fn take() -> u32 {
    let mut queue = QUEUE.lock();
    while queue.is_empty() {
        CHANGED.wait(&mut queue);
    }
    queue.pop_front().unwrap()
}

fn main() {
    let takers = [(); 2].map(|()| thread::spawn(|| take() + take()));
    for n in 1..=4 {
        let mut queue = QUEUE.lock();
        queue.push_back(n);
        CHANGED.notify_one();
        MutexGuard::unlock_fair(queue);
    }
    let sums = takers.map(|taker| taker.join().unwrap());
    println!("sum {}", sums[0] + sums[1]);
}
