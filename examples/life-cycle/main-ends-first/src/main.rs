//! Main is done before its thread, and does not wait: nobody does.

use std::thread;
use std::time::Duration;

fn greet() {
    for i in 0..10 {
        // The text with its newline in one piece: the process may end between
        // two pieces of a println! and leave half a line.
        let line = format!("Hello, can you hear me?: {i}\n");
        print!("{line}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn main() {
    // 1. Start the thread, and keep no handle of it
    thread::spawn(greet);

    // 2. Go on in the main thread, for half as long; then the process ends,
    //    and the thread with it
    for i in 0..5 {
        println!("Hello from the main thread: {i}");
        thread::sleep(Duration::from_millis(1));
    }
}
