use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::thread;

fn main() {
    let state = Arc::new(RandomState::new());
    let theirs = Arc::clone(&state);
    let there = thread::spawn(move || theirs.hash_one("key"))
        .join()
        .unwrap();
    let agrees = there == state.hash_one("key");
    let maps = [(); 2].map(|()| thread::spawn(|| (0..8).map(|n| (n, n * n)).collect()));
    let [one, two]: [HashMap<u32, u32>; 2] = maps.map(|m| m.join().unwrap());
    let mut keys: Vec<_> = one.keys().collect();
    keys.sort();
    println!("one state agrees: {agrees}");
    println!("maps are equal: {}, keys {keys:?}", one == two);
}
