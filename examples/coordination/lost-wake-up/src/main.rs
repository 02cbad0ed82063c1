//! A courier rings once; nobody hears it who is not listening just then.
//!
//! A condition variable keeps no rings: whoever begins to wait after the ring
//! may wait for ever. Stop it with Ctrl-C. That the mutex guards nothing is
//! how to tell the fault.

use std::sync::{Condvar, Mutex};
use std::thread;

struct Door {
    lock: Mutex<()>,
    bell: Condvar,
}

// 1. Listen for the bell, and look at nothing else
fn receive(door: &Door) {
    let nothing = door.lock.lock().unwrap();
    println!("receiver comes");
    let _nothing = door.bell.wait(nothing).unwrap();
    println!("parcel taken in");
}

// 2. Leave the parcel and ring, whether anybody listens or not
fn deliver(door: &Door) {
    let _nothing = door.lock.lock().unwrap();
    println!("parcel left at the door");
    door.bell.notify_one();
}

fn main() {
    let door = &Door {
        lock: Mutex::new(()),
        bell: Condvar::new(),
    };

    // 3. Who comes first, the receiver or the courier?
    thread::scope(|s| {
        s.spawn(|| receive(door));
        deliver(door);
    });
    println!("all is well");
}
