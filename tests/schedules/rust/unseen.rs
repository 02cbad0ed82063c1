//! What threads share without an event that the runtime sees.

use std::thread;

fn main() {
    let worker = thread::spawn(|| std::fs::remove_file("/nowhere/at/all").is_ok());
    println!("{}", worker.join().unwrap());
}
