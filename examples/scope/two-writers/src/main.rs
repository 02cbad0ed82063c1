//! Two threads may not both change one vector: only one `&mut` borrow may
//! live at a time. This program does not compile (error E0499).

use std::thread;

fn append_next(numbers: &mut Vec<u32>) {
    let next = numbers.iter().max().unwrap() + 1;
    numbers.push(next);
}

fn main() {
    let mut numbers = vec![1, 2, 3];

    // 1. Two writers share the vector
    thread::scope(|s| {
        s.spawn(|| append_next(&mut numbers));
        // Refused: the first closure holds the borrow
        s.spawn(|| append_next(&mut numbers));

        // 2. The scope's end would wait for both
    });

    // 3. There is no race to see: the program is never built
    println!("numbers: {numbers:?}");
}
