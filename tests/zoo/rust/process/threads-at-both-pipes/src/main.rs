use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;

fn main() {
    let mut cat = Command::new("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = cat.stdin.take().unwrap();
    let mut stdout = cat.stdout.take().unwrap();
    let writer = thread::spawn(move || {
        for _ in 0..30 {
            stdin.write_all(&[b'x'; 10_000]).unwrap();
        }
    });
    let mut text = Vec::new();
    stdout.read_to_end(&mut text).unwrap();
    writer.join().unwrap();
    let status = cat.wait().unwrap();
    println!("read {} bytes, success {}", text.len(), status.success());
}
