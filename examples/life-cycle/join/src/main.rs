//! join waits: main's own work begins when the thread has ended.

use std::thread;
use std::time::Duration;

fn greet() {
    for i in 0..10 {
        println!("Hello, can you hear me?: {i}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn main() {
    // 1. Start the thread
    let handle = thread::spawn(greet);

    // 2. Wait until it has ended
    handle.join().unwrap();

    // 3. Only then go on in the main thread
    for i in 0..5 {
        println!("Hello from the main thread: {i}");
        thread::sleep(Duration::from_millis(1));
    }
}
