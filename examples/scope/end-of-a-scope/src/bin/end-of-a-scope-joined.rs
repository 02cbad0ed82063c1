//! A thread has notes of its own, which are thrown away when it ends.
//!
//! `join` waits for the end of the thread itself: nothing is left to drop.

use std::thread;

struct Notes;

impl Drop for Notes {
    fn drop(&mut self) {
        println!("the notes are thrown away");
    }
}

thread_local! {
    static MINE: Notes = const { Notes };
}

// 1. Keep notes for as long as the thread lives
fn work() {
    MINE.with(|_notes| println!("the work is done"));
}

fn main() {
    // 2. Join the thread before the scope ends
    thread::scope(|s| {
        s.spawn(work).join().unwrap();
    });

    // 3. The notes are gone
    println!("main goes on");
}
