use std::fs::File;
use std::os::raw::c_int;
use std::os::unix::io::AsRawFd;
use std::{env, fs, process, thread};

extern "C" {
    fn flock(fd: c_int, operation: c_int) -> c_int;
}

const LOCK_EX: c_int = 2;
const LOCK_UN: c_int = 8;

fn main() {
    let path = env::temp_dir().join(format!("flock-{}", process::id()));
    File::create(&path).unwrap();
    thread::scope(|s| {
        for who in 1..=3 {
            let path = &path;
            s.spawn(move || {
                let file = File::open(path).unwrap();
                // SAFETY: the descriptor is open.
                unsafe { flock(file.as_raw_fd(), LOCK_EX) };
                println!("{who} enters");
                thread::yield_now();
                println!("{who} leaves");
                // SAFETY: as above.
                unsafe { flock(file.as_raw_fd(), LOCK_UN) };
            });
        }
    });
    fs::remove_file(&path).unwrap();
}
