//! The function that Python calls by `ctypes`, called from two Rust threads.

use std::thread;

// 1. Link the library
use releasing_extension::sum_primes;

const LIMIT: u32 = 680_000;

fn main() {
    // 2. Call it from two threads
    let one = thread::spawn(|| sum_primes(1, LIMIT));
    let two = thread::spawn(|| sum_primes(2, LIMIT));

    // 3. Collect the parts; 3 is in neither
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    println!("part 1: {one}");
    println!("part 2: {two}");
    println!("sum of primes below {LIMIT}: {}", 3 + one + two);
}
