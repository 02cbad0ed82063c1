//! A thread takes the write lock, lets go, and takes the read lock.
//!
//! Both steps are safe, and somebody else may write in between. (From 1.92 on
//! a write guard can be turned into a read guard: `downgrade`.)

use std::sync::RwLock;
use std::thread;

// 1. Write, then read what is there
fn post(who: &str, board: &RwLock<String>) {
    *board.write().unwrap() = format!("a note by {who}");
    println!("{who} reads {}", board.read().unwrap());
}

fn main() {
    // 2. Two threads share a board
    let board = RwLock::new("nothing".to_string());
    thread::scope(|s| {
        for who in ["ann", "bob"] {
            let board = &board;
            s.spawn(move || post(who, board));
        }
    });
}
