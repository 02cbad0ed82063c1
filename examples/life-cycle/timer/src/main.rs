//! A timer is a thread that waits, then calls a function, unless cancelled.
//!
//! The standard library has none; a channel that is waited for with a timeout
//! makes one. A message ends the wait; if none comes, the function is called.

use std::sync::mpsc::{channel, RecvTimeoutError::Timeout, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

struct Timer {
    cancel: Sender<()>,
    thread: JoinHandle<()>,
}

impl Timer {
    fn start<F>(delay: Duration, job: F) -> Self
    where
        F: FnOnce() + Send + 'static,
    {
        let (cancel, cancelled) = channel();
        let thread = thread::spawn(move || {
            if cancelled.recv_timeout(delay) == Err(Timeout) {
                job();
            }
        });
        Self { cancel, thread }
    }

    // 1. Cancel it, and wait for the end of its thread: now it is certain
    fn call_off(self, what: &str) {
        let _ = self.cancel.send(());
        println!("{what} is cancelled");
        self.thread.join().unwrap();
        println!("{what} is off");
    }
}

fn ring(what: &str, ringing: &Sender<()>) {
    println!("{what} begins to ring");
    ringing.send(()).unwrap();
    println!("{what} has rung");
}

fn main() {
    let (ringing, rings) = channel();

    // 2. One that waits is cancelled in time: it does not ring
    let sender = ringing.clone();
    let hour = Duration::from_secs(3600);
    let cake = Timer::start(hour, move || ring("cake", &sender));
    cake.call_off("cake");

    // 3. One that has begun to ring goes on
    let soon = Duration::from_millis(1);
    let tea = Timer::start(soon, move || ring("tea", &ringing));
    rings.recv().unwrap();
    tea.call_off("tea");
}
