//! A courier leaves a parcel and rings; the receiver looks at the door first.
//!
//! The parcel lies there whether or not anybody heard the bell.

use std::sync::{Condvar, Mutex};
use std::thread;

struct Door {
    parcel: Mutex<bool>,
    bell: Condvar,
}

// 1. Look whether the parcel is there; listen for the bell only if not
fn receive(door: &Door) {
    let parcel = door.parcel.lock().unwrap();
    println!("receiver comes");
    let _parcel = door.bell.wait_while(parcel, |there| !*there).unwrap();
    println!("parcel taken in");
}

// 2. Leave the parcel where it will be seen, and ring
fn deliver(door: &Door) {
    let mut parcel = door.parcel.lock().unwrap();
    *parcel = true;
    println!("parcel left at the door");
    door.bell.notify_one();
}

fn main() {
    let door = &Door {
        parcel: Mutex::new(false),
        bell: Condvar::new(),
    };

    // 3. Now it does not matter who comes first
    thread::scope(|s| {
        s.spawn(|| receive(door));
        deliver(door);
    });
    println!("all is well");
}
