use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::{env, process, thread};

fn add_one(path: &Path) -> io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    file.lock()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let n: u32 = text.trim().parse().unwrap();
    file.rewind()?;
    writeln!(file, "{}", n + 1)?;
    file.unlock()
}

fn main() -> io::Result<()> {
    let path = env::temp_dir().join(format!("counter-{}", process::id()));
    fs::write(&path, "0\n")?;
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| (0..2).for_each(|_| add_one(&path).unwrap()));
        }
    });
    let text = fs::read_to_string(&path)?;
    fs::remove_file(&path)?;
    println!("counted {}", text.trim());
    Ok(())
}
