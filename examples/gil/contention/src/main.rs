//! Two threads that only compute run on two cores, if there are two: the same
//! work takes them half the time. No lock of the language stands between.

use std::thread;
use std::time::Instant;

const LIMIT: u32 = 400_000;

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
    let numbers = (first..LIMIT).step_by(4);
    numbers.filter(|&n| is_prime(n)).count()
}

fn sequential() -> (usize, usize) {
    // 1. Count twice in a row
    (count_primes(1), count_primes(3))
}

fn threaded() -> (usize, usize) {
    // 2. Count in two threads
    let one = thread::spawn(|| count_primes(1));
    let three = thread::spawn(|| count_primes(3));
    (one.join().unwrap(), three.join().unwrap())
}

fn time(name: &str, run: fn() -> (usize, usize)) {
    // 3. Time each by a clock that never goes back
    let start = Instant::now();
    let (one, three) = run();
    let seconds = start.elapsed().as_secs_f64();
    println!("{name}: {one} + {three} primes, {seconds:.6} s");
}

fn main() {
    time("sequential", sequential);
    time("threaded", threaded);
}
