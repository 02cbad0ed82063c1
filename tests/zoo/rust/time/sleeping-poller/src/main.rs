use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

fn main() {
    let progress = Arc::new(Mutex::new(0));
    let theirs = Arc::clone(&progress);
    let worker = thread::spawn(move || {
        for percent in (0..=100).step_by(20) {
            thread::sleep(Duration::from_millis(3));
            *theirs.lock().unwrap() = percent;
        }
    });
    let mut last = 0;
    let mut backwards = 0;
    loop {
        let seen = *progress.lock().unwrap();
        backwards += u32::from(seen < last);
        last = seen;
        if last == 100 {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    worker.join().unwrap();
    println!("at {last}, backwards {backwards} times");
}
