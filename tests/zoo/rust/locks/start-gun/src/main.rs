use std::sync::{Arc, Condvar, Mutex};
use std::thread;

fn main() {
    let gun = Arc::new((Mutex::new((0, false)), Condvar::new()));
    let runners: Vec<_> = (1..=3)
        .map(|n| {
            let gun = Arc::clone(&gun);
            thread::spawn(move || {
                let (state, changed) = &*gun;
                let mut state = state.lock().unwrap();
                state.0 += 1;
                changed.notify_all();
                let state = changed.wait_while(state, |s| !s.1).unwrap();
                drop(state);
                println!("runner {n} runs");
            })
        })
        .collect();
    let (state, changed) = &*gun;
    let mut state = changed
        .wait_while(state.lock().unwrap(), |s| s.0 < 3)
        .unwrap();
    println!("bang");
    state.1 = true;
    drop(state);
    changed.notify_all();
    for runner in runners {
        runner.join().unwrap();
    }
}
