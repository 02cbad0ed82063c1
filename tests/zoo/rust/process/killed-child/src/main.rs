use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::thread;

fn main() {
    let mut child = Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let there = child.try_wait().unwrap().is_none();
    let status = thread::spawn(move || {
        child.kill().unwrap();
        child.wait().unwrap()
    });
    let status = status.join().unwrap();
    let (code, signal) = (status.code(), status.signal());
    println!("was there: {there}, code {code:?}, signal {signal:?}");
}
