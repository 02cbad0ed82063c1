use std::fs::{self, File, TryLockError};
use std::{env, process, thread};

fn answer(result: Result<(), TryLockError>) -> &'static str {
    match result {
        Ok(()) => "mine",
        Err(TryLockError::WouldBlock) => "taken",
        Err(TryLockError::Error(_)) => "failed",
    }
}

fn main() {
    let path = env::temp_dir().join(format!("lock-is-taken-{}", process::id()));
    let file = File::create(&path).unwrap();
    file.lock().unwrap();
    let ask = || answer(File::open(&path).unwrap().try_lock_shared());
    let first = thread::scope(|s| s.spawn(ask).join().unwrap());
    file.unlock().unwrap();
    file.lock_shared().unwrap();
    let second = thread::scope(|s| s.spawn(ask).join().unwrap());
    let third = answer(File::open(&path).unwrap().try_lock());
    drop(file);
    let fourth = answer(File::open(&path).unwrap().try_lock());
    fs::remove_file(&path).unwrap();
    println!("{first} {second} {third} {fourth}");
}
