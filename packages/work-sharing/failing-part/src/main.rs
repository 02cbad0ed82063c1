//! Two threads cut cakes for eight parties, and for one of them there is
//! nobody to cut for. That job panics, and takes the rest of its part along.

use rayon::prelude::*;
use rayon::ThreadPoolBuilder;
use std::panic;

const GUESTS: [u32; 8] = [1, 2, 3, 4, 6, 12, 0, 5];

fn cut(guests: &u32) {
    let slices = 12 / guests;
    println!("{guests} guests: {slices} slices each");
}

fn main() {
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        // 1. The panic comes out where all of them are waited for
        let outcome = panic::catch_unwind(|| GUESTS.par_iter().for_each(cut));
        if outcome.is_err() {
            println!("a job has failed");
        }

        // 2. Each job by itself: a failure is one outcome of eight
        let slices = GUESTS.par_iter().map(|&g| 12u32.checked_div(g));
        let kept: Vec<u32> = slices.flatten().collect();
        println!("kept: {kept:?}");
    });
}
