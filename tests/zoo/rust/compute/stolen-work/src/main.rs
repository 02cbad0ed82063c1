use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;

type Queue = Mutex<VecDeque<u64>>;

fn take(own: &Queue, other: &Queue) -> Option<u64> {
    let mine = own.lock().unwrap().pop_front();
    mine.or_else(|| other.lock().unwrap().pop_back())
}

fn work(own: &Queue, other: &Queue) -> Vec<u64> {
    let mut done = Vec::new();
    while let Some(n) = take(own, other) {
        done.push(n);
        thread::yield_now();
    }
    done
}

fn main() {
    let long = Mutex::new((1..=6).collect());
    let short = Mutex::new(VecDeque::from([10]));
    let (one, two) = thread::scope(|s| {
        let one = s.spawn(|| work(&long, &short));
        let two = s.spawn(|| work(&short, &long));
        (one.join().unwrap(), two.join().unwrap())
    });
    let mut all = [one, two].concat();
    all.sort_unstable();
    println!("done {all:?}");
}
