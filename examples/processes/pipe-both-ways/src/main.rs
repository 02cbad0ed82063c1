//! A child turns letters into capitals: text goes in, and text comes out.
//!
//! A pipe holds 64 kB or so. Who first writes all and then reads all waits,
//! with more than that, for a child that waits for somebody to read.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;

const LINES: usize = 20_000;

fn main() -> io::Result<()> {
    // 1. Start the child with a pipe for each way
    let mut child = Command::new("tr")
        .args(["a-z", "A-Z"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().unwrap();

    // 2. Write and read at the same time; shut the pipe when all is written
    let writer = thread::spawn(move || {
        let text = "a line of text\n".repeat(LINES);
        stdin.write_all(text.as_bytes()) // the thread drops stdin
    });
    let output = child.wait_with_output()?;
    writer.join().unwrap()?;

    // 3. The child has read to the end, and so has main
    let answer = String::from_utf8_lossy(&output.stdout);
    println!("lines that came back: {}", answer.lines().count());
    println!("the last of them: {}", answer.lines().last().unwrap());
    Ok(())
}
