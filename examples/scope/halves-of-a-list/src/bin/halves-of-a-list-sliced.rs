//! Two threads are given a slice each, and the compiler refuses it.
//!
//! A slice is no copy, but a borrow: for all the compiler knows both are of
//! the whole vector. This program does not compile (error E0499).

use std::thread;

// 1. Double what lies in a slice
fn double(numbers: &mut [u32]) {
    for number in numbers.iter_mut() {
        *number *= 2;
    }
    println!("a half is {numbers:?}");
}

fn main() {
    let mut numbers = vec![1, 2, 3, 4, 5, 6];

    // 2. Divide the vector: one part up to the middle, one from there on
    let middle = numbers.len() / 2;

    // 3. Each thread would work on its part
    thread::scope(|s| {
        s.spawn(|| double(&mut numbers[..middle]));
        // Refused: the first closure holds the borrow
        s.spawn(|| double(&mut numbers[middle..]));
    });

    // 4. There is nothing to see: the program is never built
    println!("all are {numbers:?}");
}
