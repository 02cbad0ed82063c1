//! A newsletter holds the lock of its readers' list while it calls them.
//!
//! One of them changes the list, and waits for ever: the lock is held by its
//! own caller. It takes no second thread. Stop it with Ctrl-C.

use std::sync::Mutex;

type Reader = fn(&Newsletter);

#[derive(Default)]
struct Newsletter {
    readers: Mutex<Vec<Reader>>,
}

impl Newsletter {
    fn subscribe(&self, reader: Reader) {
        let mut readers = self.readers.lock().unwrap();
        readers.push(reader);
        println!("copies: {}", readers.len());
    }

    // 1. Call every reader, with the lock held
    fn publish(&self) {
        let readers = self.readers.lock().unwrap();
        for reader in readers.iter() {
            reader(self);
        }
    }
}

// 2. One only reads, the other one also orders a second copy for ann
fn ann(_: &Newsletter) {
    println!("ann reads");
}

fn bob(newsletter: &Newsletter) {
    println!("bob reads");
    newsletter.subscribe(ann);
}

fn main() {
    let newsletter = Newsletter::default();
    newsletter.subscribe(ann);
    newsletter.subscribe(bob);

    // 3. This never ends
    newsletter.publish();
}
