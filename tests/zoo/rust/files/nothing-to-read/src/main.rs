use std::io::{self, Read};
use std::thread;

fn main() {
    let read = || {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text.len())
    };
    let there = thread::spawn(read).join().unwrap();
    println!("there {there:?}, here {:?}", read());
}
