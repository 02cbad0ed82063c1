//! Two threads would count visits in one struct that nothing protects.
//!
//! Without our promise an `UnsafeCell` makes a struct one that threads may
//! not share. This does not compile (error E0277).

use std::cell::UnsafeCell;
use std::thread;

// 1. One thread at a time may touch the number: it is not `Sync`
struct Visits {
    number: UnsafeCell<u32>,
}

impl Visits {
    // 2. Read, add, write back
    fn come(&self) {
        // SAFETY: one thread has this, and lends the number to nobody.
        unsafe { *self.number.get() += 1 };
    }
}

fn visit(visits: &Visits) {
    for _ in 0..2 {
        visits.come();
    }
}

fn main() {
    // 3. Two would come twice each
    let visits = Visits {
        number: UnsafeCell::new(0),
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| visit(&visits));
        }
    });
    println!("visits: {}", visits.number.into_inner());
}
