use std::sync::Mutex;
use std::thread;

const SEGMENT: usize = 20;

fn small_primes(end: usize) -> Vec<usize> {
    (2..end).filter(|&n| (2..n).all(|d| n % d != 0)).collect()
}

fn sieve(from: usize, small: &[usize]) -> Vec<usize> {
    let mut is_prime = [true; SEGMENT];
    for &p in small {
        let first = (p * p).max((from + p - 1) / p * p);
        for n in (first..from + SEGMENT).step_by(p) {
            is_prime[n - from] = false;
        }
    }
    (from.max(2)..from + SEGMENT)
        .filter(|n| is_prime[n - from])
        .collect()
}

fn main() {
    let small = small_primes(10);
    let all = Mutex::new(Vec::new());
    thread::scope(|s| {
        for from in (0..100).step_by(SEGMENT) {
            let (all, small) = (&all, &small);
            s.spawn(move || all.lock().unwrap().push((from, sieve(from, small))));
        }
    });
    let mut segments = all.into_inner().unwrap();
    segments.sort();
    for (from, primes) in &segments {
        println!("from {from}: {}", primes.len());
    }
    let sum: usize = segments.iter().flat_map(|(_, primes)| primes).sum();
    println!("sum {sum}");
}
