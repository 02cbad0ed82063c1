//! Two threads wait until both are there. They are threads of Rust alone:
//! there is no lock of an interpreter's that they would have to let go of.

use std::sync::Barrier;
use std::thread;

static COMPANY: Barrier = Barrier::new(2);

fn work(who: &str) {
    println!("{who} comes");
    COMPANY.wait();
    println!("{who} goes on");
}

fn main() {
    // 1. Two threads, and each of them needs the other
    let ann = thread::spawn(|| work("ann"));
    let bob = thread::spawn(|| work("bob"));

    // 2. Both come to their end
    ann.join().unwrap();
    bob.join().unwrap();
    println!("both have met");
}
