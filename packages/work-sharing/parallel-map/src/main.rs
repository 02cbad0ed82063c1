//! Two threads square six numbers. The jobs may end in any order; `collect`
//! gives the results in the order of the numbers all the same.

use rayon::prelude::*;
use rayon::ThreadPoolBuilder;

fn square(number: u32) -> u32 {
    number * number
}

fn main() {
    let numbers = 1..=6u32;
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        // 1. All results, in the order of the numbers
        let jobs = numbers.clone().into_par_iter().map(square);
        let squares: Vec<u32> = jobs.collect();
        println!("in order: {squares:?}");

        // 2. Each result when it is there
        let jobs = numbers.into_par_iter().map(square);
        jobs.for_each(|square| println!("ready: {square}"));
    });
}
