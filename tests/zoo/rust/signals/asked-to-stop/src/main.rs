use std::os::raw::c_int;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn raise(number: c_int) -> c_int;
}

const SIGTERM: c_int = 15;
static STOP: AtomicBool = AtomicBool::new(false);

extern "C" fn stop(_: c_int) {
    STOP.store(true, Ordering::SeqCst);
}

fn main() {
    // SAFETY: the handler only sets a flag.
    unsafe { signal(SIGTERM, stop) };
    let (tx, rx) = mpsc::channel();
    let worker = thread::spawn(move || {
        let mut jobs = 0;
        while !STOP.load(Ordering::SeqCst) {
            jobs += 1;
            let _ = tx.send(jobs);
            thread::yield_now();
        }
        println!("tidied up");
        jobs
    });
    rx.recv().unwrap();
    // SAFETY: its handler is set.
    unsafe { raise(SIGTERM) };
    println!("did some jobs: {}", worker.join().unwrap() > 0);
}
