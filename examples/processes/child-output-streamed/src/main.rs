//! A child never stops counting; the parent listens to three lines of it.
//!
//! To wait for the end of the output would be to wait for ever. But a pipe
//! can be read while it is written.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

const COUNT: &str = "n=0; while :; do n=$((n + 1)); echo $n; done";

fn main() -> io::Result<()> {
    // 1. Start the child with a pipe for its output
    let mut child = Command::new("sh")
        .args(["-c", COUNT])
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().unwrap();

    // 2. Take line by line, each when it is there; the pipe stays open
    let mut lines = BufReader::new(stdout).lines();
    for line in lines.by_ref().take(3) {
        println!("the child says {}", line?);
    }

    // 3. Heard enough: end it, and wait until it is gone
    child.kill()?;
    let status = child.wait()?;
    println!("ended by signal {}", status.signal().unwrap());
    Ok(())
}
