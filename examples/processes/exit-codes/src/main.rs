//! Four commands, and four ways to end: what does the parent learn?
//!
//! A child leaves a number from 0 to 255, or is ended by a signal. In Rust it
//! then has no code at all, and the signal is asked for by a trait for Unix.

use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

// 1. Run a command and wait for it; a code that tells of failure is no Err
fn run(command: &[&str]) {
    let name = command.join(" ");
    let status = match Command::new(command[0]).args(&command[1..]).status() {
        Ok(status) => status,
        // 2. Not started at all: that is an error, and no status
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("{name}: not found");
            return;
        }
        Err(error) => panic!("{name}: {error}"),
    };

    // 3. Without a code it is a signal
    match (status.code(), status.signal()) {
        (Some(code), _) => println!("{name}: code {code}"),
        (None, Some(15)) => println!("{name}: ended by SIGTERM"),
        (None, signal) => println!("{name}: ended by {signal:?}"),
    }
}

fn main() {
    run(&["sh", "-c", "exit 0"]);
    run(&["sh", "-c", "exit 3"]);
    run(&["sh", "-c", "kill -TERM $$"]);
    run(&["no-such-program"]);
}
