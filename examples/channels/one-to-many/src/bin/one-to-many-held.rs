//! Two workers take their jobs from one channel, and only one works at a
//! time: the lock is held longer than it looks.
//!
//! The guard is a temporary value in the head of a `while let`, and lives
//! until the end of its body.

use std::sync::mpsc::{self, Receiver};
use std::sync::Mutex;
use std::thread;

const WORKERS: u32 = 2;
const JOBS: u32 = 4;

type Jobs = Mutex<Receiver<u32>>;

// 1. Take the next job, if there is one, and do it, all under the lock
fn work(who: u32, jobs: &Jobs) {
    while let Ok(job) = jobs.lock().unwrap().recv() {
        println!("worker {who} begins job {job}");
        println!("worker {who} ends job {job}");
    }
}

fn main() {
    let (sender, receiver) = mpsc::channel();
    let jobs = &Mutex::new(receiver);
    thread::scope(|s| {
        for who in 1..=WORKERS {
            s.spawn(move || work(who, jobs));
        }

        // 2. Send all jobs, then close the channel, once for all workers
        for job in 1..=JOBS {
            sender.send(job).unwrap();
        }
        drop(sender);

        // 3. The scope's end waits for the workers
    });
    println!("all jobs are done");
}
