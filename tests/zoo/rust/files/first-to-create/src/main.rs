use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::{env, process, thread};

fn main() {
    let path = env::temp_dir().join(format!("first-{}.lock", process::id()));
    let tries = [(); 3].map(|()| {
        let path = path.clone();
        thread::spawn(move || {
            let made = OpenOptions::new().write(true).create_new(true).open(path);
            made.map(drop).map_err(|error| error.kind())
        })
    });
    let results = tries.map(|t| t.join().unwrap());
    let made = results.iter().filter(|r| r.is_ok()).count();
    let late = results
        .iter()
        .filter(|r| matches!(r, Err(ErrorKind::AlreadyExists)))
        .count();
    fs::remove_file(&path).unwrap();
    println!("made by {made}, found by {late}");
}
