//! Two threads take two locks in opposite order, and may get away with it.
//!
//! It takes a switch at the wrong moment for each to hold what the other
//! wants.

use std::sync::Mutex;
use std::thread;

struct Lock {
    number: u32,
    mutex: Mutex<()>,
}

// 1. Take one lock, then the second
fn work(who: &str, first: &Lock, second: &Lock) {
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

    // 2. A goes from lock 1 to lock 2, B the other way round
    thread::scope(|s| {
        s.spawn(|| work("A", &one, &two));
        s.spawn(|| work("B", &two, &one));

        // 3. The scope's end waits for both: this may or may not end
    });
    println!("both have ended");
}
