use std::thread;
use std::time::{Duration, Instant};

fn nap(ms: u64) -> bool {
    let start = Instant::now();
    thread::sleep(Duration::from_millis(ms));
    start.elapsed() >= Duration::from_millis(ms)
}

fn main() {
    let start = Instant::now();
    let naps = [5, 20, 10].map(|ms| thread::spawn(move || nap(ms)));
    let slept: Vec<bool> = naps.map(|nap| nap.join().unwrap()).to_vec();
    println!("slept enough: {slept:?}");
    let all = start.elapsed() >= Duration::from_millis(20);
    println!("as long as the longest: {all}");
}
