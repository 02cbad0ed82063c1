//! Whoever reads a temperature gets it whole, and never holds the writer up.
//!
//! Two numbers belong together. A version, odd while they are written, tells
//! the reader to read again; `Release` and `Acquire` keep them in between.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::*};
use std::thread;

struct Temperature {
    version: AtomicU32,
    celsius: AtomicI32,
    fahrenheit: AtomicI32,
}

impl Temperature {
    // 1. An odd version says that a change is being made
    fn write(&self, celsius: i32) {
        self.version.fetch_add(1, Release);
        self.celsius.store(celsius, Release);
        self.fahrenheit.store(celsius * 9 / 5 + 32, Release);
        self.version.fetch_add(1, Release);
    }

    // 2. What was read under one even version belongs together
    fn read(&self) -> (i32, i32) {
        loop {
            let version = self.version.load(Acquire);
            let celsius = self.celsius.load(Acquire);
            let fahrenheit = self.fahrenheit.load(Acquire);
            if version % 2 == 0 && self.version.load(Acquire) == version {
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
