//! A thread writes and reads under one write lock, and lets go afterwards.
//!
//! Nobody else can write in between.

use std::sync::RwLock;
use std::thread;

// 1. Write, then read what is there, and only then let go
fn post(who: &str, board: &RwLock<String>) {
    let mut text = board.write().unwrap();
    *text = format!("a note by {who}");
    println!("{who} reads {text}");
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
