use parking_lot::{Mutex, ReentrantMutex};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let patience = Duration::from_millis(10);
    let lock = Mutex::new(());
    let held = lock.lock();
    let start = Instant::now();
    let got = thread::scope(|s| {
        let tried = s.spawn(|| lock.try_lock_for(patience).is_some());
        tried.join().unwrap()
    });
    let long = start.elapsed() >= patience;
    drop(held);
    let again = ReentrantMutex::new(5);
    let (one, two) = (again.lock(), again.lock());
    println!("got it: {got}, long enough: {long}, again {}", *one + *two);
}
