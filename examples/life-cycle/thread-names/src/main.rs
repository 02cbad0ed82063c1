//! A thread has a name, which logs and panics show.
//!
//! Whoever starts it may choose one, with a `Builder`. Where nobody does, it
//! has none; two threads may have the same.

use std::thread;

// 1. Ask which thread this is
fn introduce(work: &str) {
    let this = thread::current();
    println!("{work} is done by {}", this.name().unwrap_or("no name"));
}

fn main() {
    // 2. The thread that runs main has a name, too
    introduce("planning");

    // 3. Choose a name, and choose it twice
    for work in ["kneading", "baking"] {
        let baker = thread::Builder::new()
            .name("baker".to_string())
            .spawn(move || introduce(work))
            .expect("the system can start one more thread");
        baker.join().unwrap();
    }

    // 4. Choose none
    let helper = thread::spawn(|| introduce("cleaning"));
    helper.join().unwrap();
}
