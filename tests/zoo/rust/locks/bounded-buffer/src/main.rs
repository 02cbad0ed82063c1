use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Buffer {
    items: Mutex<VecDeque<u32>>,
    not_full: Condvar,
    not_empty: Condvar,
}

impl Buffer {
    fn put(&self, item: u32) {
        let items = self.items.lock().unwrap();
        let mut items = self.not_full.wait_while(items, |i| i.len() >= 2).unwrap();
        items.push_back(item);
        self.not_empty.notify_one();
    }

    fn take(&self) -> u32 {
        let items = self.items.lock().unwrap();
        let mut items = self.not_empty.wait_while(items, |i| i.is_empty()).unwrap();
        let item = items.pop_front().unwrap();
        self.not_full.notify_one();
        item
    }
}

fn main() {
    let buffer = Buffer::default();
    let sum = thread::scope(|s| {
        s.spawn(|| (1..=4).for_each(|n| buffer.put(n)));
        s.spawn(|| (5..=8).for_each(|n| buffer.put(n)));
        let eat = || (0..4).map(|_| buffer.take()).sum::<u32>();
        [s.spawn(eat), s.spawn(eat)].map(|h| h.join().unwrap())
    });
    println!("eaten {}", sum[0] + sum[1]);
}
