//! A second thread with a list of its own: a `thread_local` exists once for
//! each thread, and what is sent is given away.

use std::cell::RefCell;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

type Guests = RefCell<Vec<&'static str>>;

thread_local! {
    static GUESTS: Guests = const { Guests::new(vec![]) };
}

fn count_in(names: Receiver<&'static str>, counts: Sender<usize>) {
    // 1. The list of the thread that runs this
    for name in names {
        GUESTS.with_borrow_mut(|guests| guests.push(name));
        counts.send(GUESTS.with_borrow(Vec::len)).unwrap();
    }
}

fn main() {
    // 2. Another thread, and channels between the two
    GUESTS.with_borrow_mut(|guests| guests.push("ann"));
    let (to_other, names) = mpsc::channel();
    let (sender, counts) = mpsc::channel();
    let other = thread::spawn(|| count_in(names, sender));

    // 3. Its list was empty, and this one stays as it is
    for name in ["bob", "eve"] {
        to_other.send(name).unwrap();
        println!("the other one has {}", counts.recv().unwrap());
    }
    drop(to_other);
    other.join().unwrap();
    println!("main has {}", GUESTS.with_borrow(Vec::len));
}
