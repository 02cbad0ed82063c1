//! Two threads take two locks in the same order, and never get stuck.
//!
//! One may wait for the other, but whoever has lock 1 finds lock 2 free.

use std::sync::Mutex;
use std::thread;

struct Lock {
    number: u32,
    mutex: Mutex<()>,
}

// 1. Take the lower lock first, whichever was named first
fn work(who: &str, one: &Lock, other: &Lock) {
    let mut locks = [one, other];
    locks.sort_by_key(|lock| lock.number);
    let [first, second] = locks;
    let _first = first.mutex.lock().unwrap();
    println!("{who} has lock {}", first.number);
    println!("{who} wants lock {}", second.number);
    let _second = second.mutex.lock().unwrap();
    println!("{who} has both locks");
}

fn main() {
    let [one, two] = [1, 2].map(|number| Lock {
        number,
        mutex: Mutex::new(()),
    });

    // 2. A names lock 1 and lock 2, B the other way round
    thread::scope(|s| {
        s.spawn(|| work("A", &one, &two));
        s.spawn(|| work("B", &two, &one));

        // 3. The scope's end waits for both: this always ends
    });
    println!("both have ended");
}
