use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

fn main() {
    let (mut reader, mut writer) = UnixStream::pair().unwrap();
    let giver = thread::spawn(move || {
        let block = [1; 50_000];
        for _ in 0..20 {
            writer.write_all(&block).unwrap();
        }
    });
    let mut sum = 0;
    let mut block = [0; 4096];
    loop {
        let n = reader.read(&mut block).unwrap();
        if n == 0 {
            break;
        }
        sum += block[..n].iter().map(|&b| u32::from(b)).sum::<u32>();
    }
    giver.join().unwrap();
    println!("sum {sum}");
}
