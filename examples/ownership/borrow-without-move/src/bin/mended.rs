//! Mended with `move`: the thread owns a vector, and what main changes is
//! another one.

use std::thread;

fn main() {
    // 1. A local vector, and a copy for the thread
    let mut numbers = vec![1, 2, 3];
    let copy = numbers.clone();

    // 2. A thread that owns what it uses
    let handle = thread::spawn(move || {
        for n in &copy {
            println!("{n}");
        }
    });

    // 3. Change main's own vector, which the thread cannot see, and wait
    numbers.push(4);
    handle.join().unwrap();
    println!("main has {numbers:?}");
}
