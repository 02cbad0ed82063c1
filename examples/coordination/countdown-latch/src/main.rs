//! The shop opens when three helpers have done their part.
//!
//! A latch counts down to zero and stays there. Unlike at a barrier, those
//! who count it down do not wait: they go on with other work.

use std::sync::{Condvar, Mutex};
use std::thread;

const HELPERS: u32 = 3;

struct Latch {
    count: Mutex<u32>,
    zero: Condvar,
}

impl Latch {
    fn new(count: u32) -> Self {
        Self {
            count: Mutex::new(count),
            zero: Condvar::new(),
        }
    }

    fn count_down(&self) {
        let mut count = self.count.lock().unwrap();
        *count -= 1;
        if *count == 0 {
            self.zero.notify_all();
        }
    }

    fn wait(&self) {
        let count = self.count.lock().unwrap();
        let _zero = self.zero.wait_while(count, |n| *n > 0).unwrap();
    }
}

// 1. Do your part, say so, and go on without waiting for the others
fn help_out(who: u32, ready: &Latch) {
    println!("helper {who} is ready");
    ready.count_down();
    println!("helper {who} goes on");
}

fn main() {
    let ready = &Latch::new(HELPERS);
    thread::scope(|s| {
        for who in 1..=HELPERS {
            s.spawn(move || help_out(who, ready));
        }

        // 2. Wait until all have said so; who comes later need not wait
        ready.wait();
        println!("the shop opens");
    });
    println!("the shop closes");
}
