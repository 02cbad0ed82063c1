use std::sync::{Arc, Condvar, Mutex};
use std::thread;

fn main() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let setter = {
        let pair = Arc::clone(&pair);
        thread::spawn(move || {
            let (ready, changed) = &*pair;
            println!("setting");
            *ready.lock().unwrap() = true;
            changed.notify_one();
        })
    };
    let (ready, changed) = &*pair;
    let mut is_ready = ready.lock().unwrap();
    while !*is_ready {
        is_ready = changed.wait(is_ready).unwrap();
    }
    println!("ready: {is_ready}");
    drop(is_ready);
    setter.join().unwrap();
}
