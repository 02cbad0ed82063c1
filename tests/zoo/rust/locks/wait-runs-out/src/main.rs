use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

fn main() {
    let mail = Mutex::new(0);
    let arrived = Condvar::new();
    let patience = Duration::from_millis(15);
    let start = Instant::now();
    let guard = mail.lock().unwrap();
    let (guard, result) = arrived
        .wait_timeout_while(guard, patience, |letters| *letters == 0)
        .unwrap();
    println!("letters {}, timed out: {}", *guard, result.timed_out());
    println!("waited long enough: {}", start.elapsed() >= patience);
}
