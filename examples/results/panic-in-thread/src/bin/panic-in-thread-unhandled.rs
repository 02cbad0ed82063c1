//! `unwrap` on what `join` returned makes the thread's panic main's own:
//! two threads panic, and the exit code is 101.

use std::thread;

fn average(numbers: &[u32]) -> u32 {
    println!("averager divides");
    numbers.iter().sum::<u32>() / numbers.len() as u32
}

fn main() {
    // 1. Start a thread that will fail
    let handle = thread::Builder::new()
        .name("averager".to_string())
        .spawn(|| average(&[]))
        .expect("the system can start one more thread");
    println!("main waits");

    // 2. join gives an Err, and unwrap does not accept it
    let average = handle.join().unwrap();

    // 3. So this is never reached
    println!("average: {average}");
}
