//! What a thread returns goes to whoever joins it.

use std::thread;

fn average_of(numbers: Vec<usize>) -> usize {
    let len = numbers.len();
    numbers.into_iter().sum::<usize>() / len
}

fn main() {
    let numbers: Vec<usize> = (0..=1000).collect();

    // 1. Run the function in a thread
    let handle = thread::spawn(move || average_of(numbers));

    // 2. Wait for it, and take what it returned
    let average = handle.join().unwrap();

    // 3. Use it
    println!("average: {average}");
}
