//! Two readers may look at the same vector at the same time, and both have
//! ended before anything after their scope runs. That is why they may borrow.

use std::thread;

fn tell_length(numbers: &[i32]) {
    println!("length: {}", numbers.len());
}

fn tell_each(numbers: &[i32]) {
    for n in numbers {
        println!("{n}");
    }
}

fn main() {
    let numbers = vec![1, 2, 3];

    // 1. Open a scope for threads
    thread::scope(|s| {
        // 2. Let two readers share the vector
        s.spawn(|| tell_length(&numbers));
        s.spawn(|| tell_each(&numbers));
    });

    // 3. Leaving the scope has waited for both
    println!("sum: {}", numbers.iter().sum::<i32>());
}
