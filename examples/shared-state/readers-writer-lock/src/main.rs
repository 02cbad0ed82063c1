//! Readers may share a value, a writer must have it alone.

// 1. The standard library has the lock: `read` may be held by many at once,
//    `write` by one, and only a write guard lets the value be changed
use std::sync::{Barrier, RwLock};
use std::thread;

// 2. A reader sees one version for as long as it stays
fn reader(who: u32, lock: &RwLock<u32>, company: &Barrier) {
    let version = lock.read().unwrap();
    println!("reader {who} enters: version {version}");
    company.wait();
    println!("reader {who} leaves: version {version}");
}

// 3. A writer makes the next version
fn writer(who: u32, lock: &RwLock<u32>) {
    let mut version = lock.write().unwrap();
    println!("writer {who} enters: version {version}");
    *version += 1;
    println!("writer {who} leaves: version {version}");
}

fn main() {
    let lock = &RwLock::new(0);
    let together = &Barrier::new(3);
    let alone = &Barrier::new(1);
    thread::scope(|s| {
        // 4. Two readers meet inside, and main waits until they have: the
        //    lock may let no reader in while a writer waits, and then they
        //    never would
        for who in 1..=2 {
            s.spawn(move || reader(who, lock, together));
        }
        together.wait();

        // 5. Now two writers and a third reader come, in any order
        for who in 1..=2 {
            s.spawn(move || writer(who, lock));
        }
        s.spawn(move || reader(3, lock, alone));
    });
}
