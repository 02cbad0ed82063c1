use std::io::{self, BufRead, BufReader, Write};
use std::thread;

fn main() -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    let mut threads = Vec::new();
    for name in ["x", "y", "z"] {
        let mut writer = writer.try_clone()?;
        threads.push(thread::spawn(move || {
            for n in 1..=2 {
                let line = format!("{name}{n}\n");
                writer.write_all(line.as_bytes()).unwrap();
            }
        }));
    }
    drop(writer);
    let mut lines = BufReader::new(reader)
        .lines()
        .collect::<io::Result<Vec<_>>>()?;
    for thread in threads {
        thread.join().unwrap();
    }
    lines.sort();
    println!("lines {}", lines.join(" "));
    Ok(())
}
