use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

type Queue = Arc<(Mutex<VecDeque<Option<u32>>>, Condvar)>;

fn worker(queue: &Queue) -> u32 {
    let mut sum = 0;
    loop {
        let waiting = queue.0.lock().unwrap();
        let mut items = queue.1.wait_while(waiting, |q| q.is_empty()).unwrap();
        match items.pop_front().unwrap() {
            Some(n) => sum += n,
            None => return sum,
        }
    }
}

fn main() {
    let queue = Queue::default();
    let workers = [(); 3].map(|()| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || worker(&queue))
    });
    let pills = workers.iter().map(|_| None);
    for item in (1..=5).map(Some).chain(pills) {
        queue.0.lock().unwrap().push_back(item);
        queue.1.notify_one();
    }
    let sums = workers.map(|w| w.join().unwrap());
    println!("sum {}", sums.iter().sum::<u32>());
}
