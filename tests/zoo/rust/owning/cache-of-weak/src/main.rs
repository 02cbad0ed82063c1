use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::thread;

static MADE: AtomicU32 = AtomicU32::new(0);

#[derive(Default)]
struct Cache(Mutex<HashMap<u32, Weak<String>>>);

impl Cache {
    fn get(&self, key: u32) -> Arc<String> {
        let mut known = self.0.lock().unwrap();
        if let Some(value) = known.get(&key).and_then(Weak::upgrade) {
            return value;
        }
        MADE.fetch_add(1, Ordering::SeqCst);
        let value = Arc::new(format!("value {key}"));
        known.insert(key, Arc::downgrade(&value));
        value
    }
}

fn main() {
    let cache = Cache::default();
    let all = thread::scope(|s| {
        let threads = [(); 3].map(|()| s.spawn(|| cache.get(7)));
        threads.map(|t| t.join().unwrap())
    });
    let same = all.iter().all(|value| Arc::ptr_eq(value, &all[0]));
    println!("same: {same}, made {}", MADE.load(Ordering::SeqCst));
    drop(all);
    println!(
        "again {}, made {}",
        cache.get(7),
        MADE.load(Ordering::SeqCst)
    );
}
