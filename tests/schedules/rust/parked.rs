//! Threads that park; the argument says which.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::Arc;
use std::{env, thread};

fn parked() {
    let n = Arc::new(AtomicUsize::new(0));
    let theirs = n.clone();
    let worker = thread::spawn(move || {
        thread::park();
        println!("{}", theirs.load(SeqCst));
    });
    n.store(1, SeqCst);
    worker.thread().unpark();
    worker.join().unwrap();
}

fn parked_in_a_scope() {
    thread::scope(|scope| drop(scope.spawn(|| ())));
    let main = thread::current();
    let worker = thread::spawn(move || main.unpark());
    thread::park();
    worker.join().unwrap();
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "parked" => parked(),
        _ => parked_in_a_scope(),
    }
}
