//! A newsletter calls its readers when it has let go of their list's lock.
//!
//! It holds that only to copy the list, so a reader may change the list, for
//! the issues to come.

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

    // 1. Copy the list with the lock held, and call the readers without
    fn publish(&self) {
        let readers = self.readers.lock().unwrap().clone();
        for reader in readers {
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

    // 3. This ends
    newsletter.publish();
}
