use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

fn wait_for(flag: &AtomicBool, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if flag.load(Ordering::Acquire) {
            return true;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        thread::sleep(left.min(Duration::from_millis(2)));
    }
}

fn main() {
    let never = AtomicBool::new(false);
    let start = Instant::now();
    let came = wait_for(&never, Duration::from_millis(9));
    let long = start.elapsed() >= Duration::from_millis(9);
    println!("never: {came}, looked long enough: {long}");
    let soon = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| soon.store(true, Ordering::Release));
        println!("soon: {}", wait_for(&soon, Duration::from_secs(3600)));
    });
}
