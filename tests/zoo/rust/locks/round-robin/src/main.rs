use std::sync::{Condvar, Mutex};
use std::thread;

fn main() {
    let turn = Mutex::new(0);
    let changed = Condvar::new();
    thread::scope(|s| {
        for (me, letter) in ["a", "b", "c"].into_iter().enumerate() {
            let (turn, changed) = (&turn, &changed);
            s.spawn(move || {
                for round in 0..3 {
                    let now = turn.lock().unwrap();
                    let mut now = changed.wait_while(now, |t| *t % 3 != me).unwrap();
                    println!("{letter} in round {round}");
                    *now += 1;
                    changed.notify_all();
                }
            });
        }
    });
}
