use std::collections::HashMap;
use std::sync::RwLock;
use std::thread;

struct Sharded([RwLock<HashMap<u32, u32>>; 4]);

impl Sharded {
    fn shard(&self, key: u32) -> &RwLock<HashMap<u32, u32>> {
        &self.0[key as usize % self.0.len()]
    }

    fn add(&self, key: u32, n: u32) {
        *self.shard(key).write().unwrap().entry(key).or_default() += n;
    }

    fn total(&self) -> u32 {
        let sum = |shard: &RwLock<HashMap<_, u32>>| shard.read().unwrap().values().sum::<u32>();
        self.0.iter().map(sum).sum()
    }
}

fn main() {
    let map = Sharded(Default::default());
    thread::scope(|s| {
        for n in 1..=3 {
            let map = &map;
            s.spawn(move || (0..6).for_each(|key| map.add(key, n)));
        }
    });
    let sizes: Vec<usize> = map.0.iter().map(|s| s.read().unwrap().len()).collect();
    println!("total {}, sizes {sizes:?}", map.total());
}
