//! A job holds a lock while it waits for its two halves. A worker of rayon
//! that waits does other jobs meanwhile, on top of the one that waits: if
//! such a job wants the same lock, the worker waits for itself.

use rayon::ThreadPoolBuilder;
use std::sync::Mutex;

fn half(job: u32) -> u32 {
    println!("half of job {job}");
    job * 10
}

fn add(job: u32, total: &Mutex<u32>) {
    // 1. Take the lock
    let mut total = total.lock().unwrap();
    println!("job {job} has the lock");

    // 2. Wait for both halves, and hold it still
    let (left, right) = rayon::join(|| half(job), || half(job));
    *total += left + right;
    println!("job {job} is done");
}

fn main() {
    // 3. Three jobs, handed in from outside
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let total = Mutex::new(0);
    pool.in_place_scope(|s| {
        for job in 1..=3 {
            let total = &total;
            s.spawn(move |_| add(job, total));
        }
    });
    println!("total: {}", total.into_inner().unwrap());
}
