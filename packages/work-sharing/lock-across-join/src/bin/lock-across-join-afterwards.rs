//! The same jobs, which take the lock when they have waited: whatever a
//! worker does meanwhile, it holds nothing.

use rayon::ThreadPoolBuilder;
use std::sync::Mutex;

fn half(job: u32) -> u32 {
    println!("half of job {job}");
    job * 10
}

fn add(job: u32, total: &Mutex<u32>) {
    // 1. Wait for both halves first
    let (left, right) = rayon::join(|| half(job), || half(job));

    // 2. Hold the lock for as long as it takes to add them
    let mut total = total.lock().unwrap();
    println!("job {job} has the lock");
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
