//! Starts a second thread, and goes on with work of its own beside it.

use std::thread;
use std::time::Duration;

fn greet() {
    for i in 0..10 {
        println!("Hello, can you hear me?: {i}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn main() {
    // 1. Start the thread: spawn makes it and runs it in one step
    let handle = thread::spawn(greet);

    // 2. Go on in the main thread
    for i in 0..5 {
        println!("Hello from the main thread: {i}");
        thread::sleep(Duration::from_millis(1));
    }

    // 3. Wait until the thread has ended
    handle.join().unwrap();
}
