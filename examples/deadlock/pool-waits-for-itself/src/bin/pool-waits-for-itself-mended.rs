//! A job submits another one to its own pool, and does not wait for it.
//!
//! It returns the receiver of the result, and main, which is no worker of the
//! pool, waits for both.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Clone)]
struct Pool(Sender<Job>);

impl Pool {
    fn with_one_worker() -> Self {
        let (sender, jobs) = mpsc::channel::<Job>();
        thread::spawn(move || jobs.iter().for_each(|job| job()));
        Self(sender)
    }

    fn submit<T, F>(&self, job: F) -> Receiver<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, result) = mpsc::channel();
        let job = move || sender.send(job()).unwrap();
        self.0.send(Box::new(job)).unwrap();
        result
    }
}

fn part() -> u32 {
    println!("the part is done");
    20
}

// 1. A job that hands on the other job's receiver, and is done
fn whole(pool: Pool) -> Receiver<u32> {
    println!("the whole asks for its part");
    pool.submit(part)
}

fn main() {
    // 2. By itself the part is done at once
    let pool = Pool::with_one_worker();
    println!("part: {}", pool.submit(part).recv().unwrap());

    // 3. As a part of the whole it is done when the whole has returned
    let inner = pool.clone();
    let result = pool.submit(move || whole(inner));
    println!("whole: {}", result.recv().unwrap().recv().unwrap());
}
