//! Two threads count visits in one struct, under its lock.
//!
//! What is in an `UnsafeCell` can be changed through `&`. That no two threads
//! do so at once the compiler cannot see: we have to promise it.

use std::cell::UnsafeCell;
use std::sync::Mutex;
use std::thread;

struct Visits {
    lock: Mutex<()>,
    number: UnsafeCell<u32>,
}

// 1. We promise: `number` is touched only while `lock` is held
unsafe impl Sync for Visits {}

impl Visits {
    // 2. Read, add, write back, with the lock held
    fn come(&self) {
        let _guard = self.lock.lock().unwrap();
        // SAFETY: `lock` is held.
        unsafe { *self.number.get() += 1 };
    }
}

fn visit(visits: &Visits) {
    for _ in 0..2 {
        visits.come();
    }
}

fn main() {
    // 3. Two come twice each
    let visits = Visits {
        lock: Mutex::new(()),
        number: UnsafeCell::new(0),
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| visit(&visits));
        }
    });
    println!("visits: {}", visits.number.into_inner());
}
