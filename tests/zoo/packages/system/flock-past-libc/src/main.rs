use rustix::fs::{flock, FlockOperation};
use std::fs::File;
use std::{env, fs, process, thread};

fn main() {
    let path = env::temp_dir().join(format!("rustix-flock-{}", process::id()));
    File::create(&path).unwrap();
    thread::scope(|s| {
        for who in ["ann", "bob", "cid"] {
            let path = &path;
            s.spawn(move || {
                let file = File::open(path).unwrap();
                flock(&file, FlockOperation::LockExclusive).unwrap();
                println!("{who} enters");
                thread::yield_now();
                println!("{who} leaves");
            });
        }
    });
    fs::remove_file(&path).unwrap();
}
