use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut quiet = TcpStream::connect(listener.local_addr()?)?;
    let (mut other, _) = listener.accept()?;
    other.set_read_timeout(Some(Duration::from_millis(10)))?;
    let mut byte = [0];
    let first = match other.read(&mut byte) {
        Ok(_) => "read",
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => "gave up",
        Err(_) => "failed",
    };
    other.set_read_timeout(None)?;
    let writer = thread::spawn(move || quiet.write_all(b"!"));
    other.read_exact(&mut byte)?;
    writer.join().unwrap()?;
    println!("first it {first}, later it read {}", char::from(byte[0]));
    Ok(())
}
