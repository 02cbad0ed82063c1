use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::thread;

fn main() {
    let (mut here, there) = UnixStream::pair().unwrap();
    let counter = thread::spawn(move || {
        let mut answers = there.try_clone().unwrap();
        let mut lines = 0;
        for line in BufReader::new(there).lines() {
            lines += 1;
            writeln!(answers, "{lines}: {}", line.unwrap()).unwrap();
        }
        lines
    });
    let mut replies = BufReader::new(here.try_clone().unwrap()).lines();
    for word in ["red", "green"] {
        writeln!(here, "{word}").unwrap();
        println!("{}", replies.next().unwrap().unwrap());
    }
    drop((here, replies));
    println!("in all {}", counter.join().unwrap());
}
