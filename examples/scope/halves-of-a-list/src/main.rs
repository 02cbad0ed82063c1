//! Two threads work on one vector, each on its own half.
//!
//! `split_at_mut` makes two slices of it that do not overlap, and so may both
//! be changed. No thread can reach the other's.

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
    let (left, right) = numbers.split_at_mut(middle);

    // 3. Each thread works on its part, at the same time
    thread::scope(|s| {
        s.spawn(|| double(left));
        s.spawn(|| double(right));
    });

    // 4. Both parts have changed
    println!("all are {numbers:?}");
}
