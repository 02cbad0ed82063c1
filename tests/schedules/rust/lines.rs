//! Two threads that print: the arguments say how many lines main and the worker write.

use std::env;
use std::thread;

fn main() {
    let counts: Vec<u32> = env::args()
        .skip(1)
        .map(|word| word.parse().unwrap())
        .collect();
    let lines = counts[1];
    let worker = thread::Builder::new()
        .name("writer".to_string())
        .spawn(move || {
            for i in 0..lines {
                println!("worker {i}");
            }
        })
        .unwrap();
    for i in 0..counts[0] {
        println!("main {i}");
    }
    worker.join().unwrap();
}
