//! The function that Python calls by `ctypes`, called from two Rust threads.

use std::thread;

// 1. Link the library
use releasing_extension::count_primes;

const LIMIT: u32 = 700_000;

fn main() {
    // 2. Call it from two threads
    let one = thread::spawn(|| count_primes(1, LIMIT));
    let three = thread::spawn(|| count_primes(3, LIMIT));

    // 3. Collect the parts; 2 is in neither
    let (one, three) = (one.join().unwrap(), three.join().unwrap());
    println!("part 1: {one}");
    println!("part 3: {three}");
    println!("primes: {}", 1 + one + three);
}
