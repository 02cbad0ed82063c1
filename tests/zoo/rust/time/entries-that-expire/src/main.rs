use std::collections::HashMap;
use std::sync::RwLock;
use std::thread;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Cache(RwLock<HashMap<&'static str, (u32, Instant)>>);

impl Cache {
    fn put(&self, key: &'static str, value: u32, ttl: Duration) {
        let expires = Instant::now() + ttl;
        self.0.write().unwrap().insert(key, (value, expires));
    }

    fn get(&self, key: &str) -> Option<u32> {
        let entries = self.0.read().unwrap();
        let &(value, expires) = entries.get(key)?;
        (Instant::now() < expires).then_some(value)
    }
}

fn main() {
    let cache = Cache::default();
    thread::scope(|s| {
        s.spawn(|| cache.put("token", 7, Duration::from_millis(4)));
        s.spawn(|| cache.put("name", 8, Duration::from_secs(3600)));
    });
    thread::sleep(Duration::from_millis(5));
    println!("token {:?}", cache.get("token"));
    println!("name {:?}", cache.get("name"));
}
