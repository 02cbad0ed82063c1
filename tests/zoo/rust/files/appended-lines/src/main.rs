use std::fs::{self, OpenOptions};
use std::io::Write;
use std::{env, process, thread};

fn main() {
    let path = env::temp_dir().join(format!("appended-{}.log", process::id()));
    let writers = [1, 2, 3].map(|who| {
        let path = path.clone();
        thread::spawn(move || {
            let mut options = OpenOptions::new();
            let mut log = options.append(true).create(true).open(path).unwrap();
            for n in 1..=3 {
                log.write_all(format!("{who}-{n}\n").as_bytes()).unwrap();
            }
        })
    });
    for writer in writers {
        writer.join().unwrap();
    }
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for line in text.lines() {
        println!("line {line}");
    }
}
