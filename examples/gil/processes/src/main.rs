//! Threads of one process are enough to compute at the same time: Rust has no
//! interpreter lock to escape from.

use std::thread;

const LIMIT: u32 = 800_000;

fn is_prime(n: u32) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= n {
        if n % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    n > 1
}

fn count_primes(first: u32) -> usize {
    let numbers = (first..LIMIT).step_by(3);
    numbers.filter(|&n| is_prime(n)).count()
}

fn main() {
    // 1. Start two workers
    // 2. Hand each a part of the work
    let one = thread::spawn(|| count_primes(1));
    let two = thread::spawn(|| count_primes(2));

    // 3. Collect the parts; 3 is in neither
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    println!("part 1: {one}");
    println!("part 2: {two}");
    println!("primes below {LIMIT}: {}", 1 + one + two);
}
