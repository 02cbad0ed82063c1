//! Two threads may not both change one vector: only one `&mut` borrow may
//! live at a time. This program does not compile (error E0499).

use std::thread;

fn main() {
    let mut numbers = vec![1, 2, 3];

    // 1. Two writers share the vector
    thread::scope(|s| {
        s.spawn(|| {
            numbers.push(1);
        });
        s.spawn(|| {
            numbers.push(2); // refused: the first closure holds the borrow
        });

        // 2. The scope's end would wait for both
    });

    // 3. There is no race to see: the program is never built
    println!("numbers: {numbers:?}");
}
