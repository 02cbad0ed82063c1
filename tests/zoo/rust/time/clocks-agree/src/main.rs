use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() {
    let pause = Duration::from_millis(30);
    let (instant, system) = (Instant::now(), SystemTime::now());
    thread::spawn(move || thread::sleep(pause)).join().unwrap();
    let (by_instant, by_system) = (instant.elapsed(), system.elapsed());
    println!("by instant: {}", by_instant >= pause);
    println!("by system: {}", by_system.is_ok_and(|slept| slept >= pause));
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    println!("after 2020: {}", since > Duration::from_secs(1_577_836_800));
}
