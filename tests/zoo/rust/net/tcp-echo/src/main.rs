use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || -> io::Result<u64> {
        let (mut stream, _) = listener.accept()?;
        let mut answers = stream.try_clone()?;
        io::copy(&mut stream, &mut answers)
    });
    let mut client = TcpStream::connect(address)?;
    client.write_all(b"over there ")?;
    client.write_all(b"and back")?;
    client.shutdown(Shutdown::Write)?;
    let mut text = String::new();
    client.read_to_string(&mut text)?;
    println!("got {text:?}, echoed {}", server.join().unwrap()?);
    Ok(())
}
