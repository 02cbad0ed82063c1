//! A task whose channel is never empty never has to wait. tokio lets it take
//! so many jobs at a time, and then says that there is none just now.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::Arc;
use tokio::sync::mpsc::unbounded_channel;

const JOBS: u32 = 1_000;

async fn look(taken: Arc<AtomicU32>) {
    let taken = taken.load(Relaxed);
    println!("another has its turn after {taken} jobs");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A channel that holds all its jobs from the start
    let (sender, mut jobs) = unbounded_channel();
    for job in 0..JOBS {
        sender.send(job).unwrap();
    }

    // 2. Another task is ready to run, too
    let taken = Arc::new(AtomicU32::new(0));
    let looker = tokio::spawn(look(Arc::clone(&taken)));

    // 3. There is an await for each job, and a job for each await
    while taken.load(Relaxed) < JOBS {
        jobs.recv().await.unwrap();
        taken.fetch_add(1, Relaxed);
    }
    println!("main has taken {} jobs", taken.load(Relaxed));
    looker.await.unwrap();
}
