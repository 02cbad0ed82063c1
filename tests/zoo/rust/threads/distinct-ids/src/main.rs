use std::collections::HashSet;
use std::thread::{self, ThreadId};

fn my_id() -> ThreadId {
    thread::current().id()
}

fn main() {
    let mut ids = HashSet::from([my_id()]);
    for _ in 0..3 {
        ids.insert(thread::spawn(my_id).join().unwrap());
    }
    let both = thread::scope(|s| [s.spawn(my_id), s.spawn(my_id)].map(|h| h.join().unwrap()));
    ids.extend(both);
    println!("{} different ids", ids.len());
    let handle = thread::spawn(my_id);
    let outside = handle.thread().id();
    let inside = handle.join().unwrap();
    println!("the same from outside: {}", inside == outside);
}
