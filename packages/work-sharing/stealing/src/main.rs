//! Two workers share a row of jobs without a lock: the owner takes from one
//! end, and a thief, who has none, from the other.

use crossbeam_deque::{Steal, Stealer, Worker};
use std::thread;

// 1. The owner takes the newest job
fn own(jobs: &Worker<u32>) {
    while let Some(job) = jobs.pop() {
        println!("owner does {job}");
    }
}

// 2. The thief takes the oldest one; if somebody else was quicker, again
fn steal(jobs: &Stealer<u32>) {
    loop {
        match jobs.steal() {
            Steal::Success(job) => println!("thief does {job}"),
            Steal::Retry => continue,
            Steal::Empty => break,
        }
    }
}

fn main() {
    // 3. Both work until nothing is left
    let jobs = Worker::new_lifo();
    for job in 1..=6 {
        jobs.push(job);
    }
    let stealer = jobs.stealer();
    thread::scope(|s| {
        s.spawn(|| steal(&stealer));
        s.spawn(move || own(&jobs));
    });
    println!("jobs left: {}", stealer.len());
}
