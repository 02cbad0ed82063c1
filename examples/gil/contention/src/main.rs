//! Two threads that only compute run on two cores, if there are two: the same
//! work takes them half the time. No lock of the language stands between.

use std::thread;
use std::time::Instant;

const LIMIT: u32 = 390_000;

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

fn sequential() -> (usize, usize) {
    // 1. Count twice in a row
    (count_primes(1), count_primes(2))
}

fn threaded() -> (usize, usize) {
    // 2. Count in two threads
    let one = thread::spawn(|| count_primes(1));
    let two = thread::spawn(|| count_primes(2));
    (one.join().unwrap(), two.join().unwrap())
}

fn time(name: &str, run: fn() -> (usize, usize)) {
    // 3. Time each by a clock that never goes back
    let start = Instant::now();
    let (one, two) = run();
    let seconds = start.elapsed().as_secs_f64();
    let parts = format!("{one} + {two} primes below {LIMIT}");
    println!("{name}: {parts}, {seconds:.6} s");
}

fn main() {
    time("sequential", sequential);
    time("threaded", threaded);
}
