//! A thread that panics does not stop the others: whoever joins it gets an
//! `Err` with the panic's payload, may look into it, and goes on.

use std::any::Any;
use std::thread::{self, JoinHandle};

const GRADES: [u32; 3] = [70, 80, 92];

fn average(numbers: &[u32]) -> u32 {
    let sum: u32 = numbers.iter().sum();
    sum / numbers.len() as u32
}

fn fourth(numbers: &[u32]) -> u32 {
    numbers[3]
}

fn report(handle: JoinHandle<u32>) {
    // 3. Join the thread: its panic comes as a value
    match handle.join() {
        Ok(result) => println!("result: {result}"),
        Err(payload) => println!("failed: {}", message(&*payload)),
    }
}

/// The payload is a `&str` where the message is fixed, and a `String` where
/// it had to be formatted. `panic_any` may send anything else.
fn message(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "no message"
    }
}

fn main() {
    // 1. A thread that succeeds
    report(thread::spawn(|| average(&GRADES)));

    // 2. Two that fail, each in its own way
    report(thread::spawn(|| average(&[])));
    report(thread::spawn(|| fourth(&GRADES)));

    // 4. Nobody else was harmed
    println!("main goes on");
}
