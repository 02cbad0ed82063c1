use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Memo {
    known: Mutex<HashMap<u64, Option<u64>>>,
    changed: Condvar,
    computed: AtomicU32,
}

impl Memo {
    fn get(&self, n: u64) -> u64 {
        let mut known = self.known.lock().unwrap();
        loop {
            match known.get(&n) {
                Some(Some(value)) => return *value,
                Some(None) => known = self.changed.wait(known).unwrap(),
                None => break,
            }
        }
        known.insert(n, None);
        drop(known);
        self.computed.fetch_add(1, Ordering::Relaxed);
        let value = if n < 2 {
            n
        } else {
            self.get(n - 1) + self.get(n - 2)
        };
        self.known.lock().unwrap().insert(n, Some(value));
        self.changed.notify_all();
        value
    }
}

fn main() {
    let memo = Arc::new(Memo::default());
    let asked = [8, 7].map(|n| {
        let memo = Arc::clone(&memo);
        thread::spawn(move || memo.get(n))
    });
    for value in asked {
        println!("value {}", value.join().unwrap());
    }
    println!("computed {}", memo.computed.load(Ordering::Relaxed));
}
