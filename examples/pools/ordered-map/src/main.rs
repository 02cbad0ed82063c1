//! A pool of two threads squares six numbers.
//!
//! The jobs overlap and may end in any order; `ordered_map` gives the results
//! back in the order of the numbers. The standard library has no pool; scoped
//! threads, a shared iterator and a channel make one.

use std::sync::{mpsc, Barrier, Mutex};
use std::thread;

const WORKERS: usize = 2;

// 1. A job; each waits for another one, so that two are always at work
fn square(number: u32, company: &Barrier) -> u32 {
    println!("squaring {number}");
    company.wait();
    println!("squared {number}");
    number * number
}

fn ordered_map<T, R>(items: &[T], job: impl Fn(&T) -> R + Sync) -> Vec<R>
where
    T: Sync,
    R: Send,
{
    let jobs = &Mutex::new(items.iter().enumerate());
    // The guard must be gone when the job begins: in the head of a `while
    // let` it would last for the whole body
    let next = &|| jobs.lock().unwrap().next();
    let job = &job;
    let (sender, results) = mpsc::channel();

    // 2. Hand the jobs to the pool; whoever is free takes the next one
    thread::scope(|s| {
        for _ in 0..WORKERS {
            let sender = sender.clone();
            s.spawn(move || {
                while let Some((index, item)) = next() {
                    sender.send((index, job(item))).unwrap();
                }
            });
        }
    });
    drop(sender);

    // 3. The results came as they were ready: put them in order
    let mut results: Vec<(usize, R)> = results.into_iter().collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn main() {
    let numbers = [1, 2, 3, 4, 5, 6];
    let company = Barrier::new(WORKERS);
    let squares = ordered_map(&numbers, |number| square(*number, &company));

    // 4. Every result stands where its number stood
    for (number, result) in numbers.iter().zip(squares) {
        println!("{number} squared is {result}");
    }
}
