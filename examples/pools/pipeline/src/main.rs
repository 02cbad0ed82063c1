//! Numbers run through three stages: a source, two workers, a sink.
//!
//! The work fans out to whoever is free and fans in again; nothing is lost or
//! done twice. A stage has ended when its senders are dropped: that closes
//! its channel, and the next stage ends, too.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::Mutex;
use std::thread;

const WORKERS: u32 = 2;

type Done = (u32, u32, u32);

// 1. The source sends the numbers; its sender is dropped at the end
fn source(work: Sender<u32>) {
    for number in 1..6 {
        println!("source sends {number}");
        work.send(number).unwrap();
    }
}

// 2. All workers take from one channel and send into one channel; a channel
//    has one receiver, so they share it under a lock
fn worker(who: u32, work: &Mutex<Receiver<u32>>, done: Sender<Done>) {
    let next = || work.lock().unwrap().recv();
    while let Ok(number) = next() {
        println!("worker {who} squares {number}");
        done.send((who, number, number * number)).unwrap();
    }
}

// 3. The sink goes on until every worker has dropped its sender
fn sink(done: Receiver<Done>) -> u32 {
    let mut total = 0;
    for (who, number, square) in done {
        println!("sink gets {number} -> {square} from worker {who}");
        total += square;
    }
    total
}

fn main() {
    // 4. Join the stages with channels; main itself is the sink
    let (work, work_out) = mpsc::channel();
    let (done, done_out) = mpsc::channel();
    let work_out = &Mutex::new(work_out);
    let total = thread::scope(|s| {
        s.spawn(move || source(work));
        for who in 1..=WORKERS {
            let done = done.clone();
            s.spawn(move || worker(who, work_out, done));
        }
        drop(done);
        sink(done_out)
    });
    println!("sum of squares: {total}");
}
