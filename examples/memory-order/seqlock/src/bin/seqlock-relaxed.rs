//! Whoever reads a temperature gets it whole, or so it seems.
//!
//! Each access is atomic, and the version is looked at twice. But nothing
//! says that the numbers are read, or written, between the two.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::Relaxed};
use std::thread;

struct Temperature {
    version: AtomicU32,
    celsius: AtomicI32,
    fahrenheit: AtomicI32,
}

impl Temperature {
    // 1. An odd version says that a change is being made
    fn write(&self, celsius: i32) {
        self.version.fetch_add(1, Relaxed);
        self.celsius.store(celsius, Relaxed);
        self.fahrenheit.store(celsius * 9 / 5 + 32, Relaxed);
        self.version.fetch_add(1, Relaxed);
    }

    // 2. What was read under one even version belongs together
    fn read(&self) -> (i32, i32) {
        loop {
            let version = self.version.load(Relaxed);
            let celsius = self.celsius.load(Relaxed);
            let fahrenheit = self.fahrenheit.load(Relaxed);
            if version % 2 == 0 && self.version.load(Relaxed) == version {
                return (celsius, fahrenheit);
            }
        }
    }
}

fn main() {
    // 3. One reads while the other writes
    let temperature = Temperature {
        version: AtomicU32::new(0),
        celsius: AtomicI32::new(0),
        fahrenheit: AtomicI32::new(32),
    };
    thread::scope(|s| {
        s.spawn(|| {
            let (celsius, fahrenheit) = temperature.read();
            println!("read {celsius} C, {fahrenheit} F");
        });
        temperature.write(100);
    });
}
