//! Three jobs, started in three ways: one of them starts nothing.
//!
//! An iterator does nothing until it is read, and then one item at a time. So
//! threads that are spawned in one wait for each other.

use std::thread;

const NAMES: [&str; 3] = ["ann", "bob", "cho"];

fn count(how: &str, name: &str) -> usize {
    println!("{how}: {name} begins");
    println!("{how}: {name} ends");
    name.len()
}

fn main() {
    thread::scope(|s| {
        let spawn = |how, name| s.spawn(move || count(how, name));

        // 1. Nobody reads it: nothing begins
        let _ = NAMES.iter().map(|name| spawn("unread", name));

        // 2. Read one by one: each begins when the one before has ended
        let jobs = NAMES.iter().map(|name| spawn("in turn", name));
        let letters: usize = jobs.map(|job| job.join().unwrap()).sum();
        println!("in turn: {letters} letters");

        // 3. A Vec holds them all: all begin before the first is asked for
        let all: Vec<_> = NAMES.iter().map(|n| spawn("at once", n)).collect();
        let jobs = all.into_iter();
        let letters: usize = jobs.map(|job| job.join().unwrap()).sum();
        println!("at once: {letters} letters");
    });
}
