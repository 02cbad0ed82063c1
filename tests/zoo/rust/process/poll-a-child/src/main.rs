use std::process::Command;
use std::thread;
use std::time::Duration;

fn main() {
    let mut child = Command::new("sh")
        .args(["-c", "sleep 0.05; exit 7"])
        .spawn()
        .unwrap();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    println!("ended with {}", status.code().unwrap_or(-1));
}
