//! A thread has notes of its own, which are thrown away when it ends.
//!
//! A scope ends when the closures of its threads have returned. The threads
//! may still have something to drop.

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
    // 2. The scope's end waits for the closure
    thread::scope(|s| {
        s.spawn(work);
    });

    // 3. Are the notes gone?
    println!("main goes on");
}
