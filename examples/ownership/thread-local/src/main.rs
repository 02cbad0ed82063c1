//! Each thread has a counter of its own, and all under one name.
//!
//! Nobody sees what another thread counts, so a `Cell`, which no two threads
//! may share, is enough.

use std::cell::Cell;
use std::thread;

// 1. One name, a value for each thread: whichever it is, it begins at 0
thread_local! {
    static COUNTER: Cell<u32> = const { Cell::new(0) };
}

// 2. Count on, in whichever thread this is
fn count(who: &str, times: u32) {
    COUNTER.with(|counter| {
        for _ in 0..times {
            counter.set(counter.get() + 1);
        }
        println!("{who} is at {}", counter.get());
    });
}

fn main() {
    // 3. Main counts first
    count("main", 10);

    // 4. A thread begins at 0, and not where main is
    for (who, times) in [("ann", 2), ("bob", 3)] {
        thread::spawn(move || count(who, times)).join().unwrap();
    }

    // 5. Main goes on where it was
    count("main", 1);
}
