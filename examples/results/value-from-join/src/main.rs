//! What a thread returns goes to whoever joins it.

use std::thread;

fn average_of(numbers: &[u32]) -> f64 {
    let sum: u32 = numbers.iter().sum();
    f64::from(sum) / numbers.len() as f64
}

fn main() {
    let numbers: Vec<u32> = (0..=1000).collect();

    // 1. Run the function in a thread
    let handle = thread::spawn(move || average_of(&numbers));

    // 2. Wait for it, and take what it returned
    let average = handle.join().unwrap();

    // 3. Use it
    println!("average: {average:.1}");
}
