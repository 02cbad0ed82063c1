//! What threads share without an event that the runtime sees; the argument says which.

use std::{env, thread};

fn parks() {
    let worker = thread::spawn(thread::park);
    worker.thread().unpark();
    worker.join().unwrap();
}

fn removes() {
    let worker = thread::spawn(|| std::fs::remove_file("/nowhere/at/all").is_ok());
    println!("{}", worker.join().unwrap());
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "parks" => parks(),
        _ => removes(),
    }
}
