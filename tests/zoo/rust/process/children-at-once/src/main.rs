use std::process::Command;
use std::thread;

fn run(code: u8) -> i32 {
    let status = Command::new("sh")
        .env_clear()
        .env("CODE", code.to_string())
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", "exit \"$CODE\""])
        .status();
    status.unwrap().code().unwrap()
}

fn main() {
    let threads = [1, 2, 3].map(|code| thread::spawn(move || run(code)));
    let codes = threads.map(|thread| thread.join().unwrap());
    println!(
        "codes {codes:?}, all together {}",
        codes.iter().sum::<i32>()
    );
}
