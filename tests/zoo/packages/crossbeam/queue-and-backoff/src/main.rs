use crossbeam::queue::ArrayQueue;
use crossbeam::utils::Backoff;
use std::thread;

fn push(queue: &ArrayQueue<u32>, mut n: u32) {
    let backoff = Backoff::new();
    while let Err(back) = queue.push(n) {
        n = back;
        backoff.snooze();
    }
}

fn main() {
    let queue = ArrayQueue::new(2);
    let sum = thread::scope(|s| {
        s.spawn(|| (1..=3).for_each(|n| push(&queue, n)));
        s.spawn(|| (4..=6).for_each(|n| push(&queue, n)));
        let mut all = Vec::new();
        while all.len() < 6 {
            match queue.pop() {
                Some(n) => all.push(n),
                None => thread::yield_now(),
            }
        }
        all.iter().sum::<u32>()
    });
    println!("sum {sum}, left {}", queue.len());
}
