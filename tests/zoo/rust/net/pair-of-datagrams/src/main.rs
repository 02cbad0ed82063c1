use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::thread;

fn main() {
    let (here, there) = UnixDatagram::pair().unwrap();
    let sender = thread::spawn(move || {
        for message in ["one", "three", ""] {
            there.send(message.as_bytes()).unwrap();
        }
    });
    let mut lengths = Vec::new();
    let mut buffer = [0; 32];
    while lengths.len() < 3 {
        lengths.push(here.recv(&mut buffer).unwrap());
    }
    sender.join().unwrap();
    here.set_nonblocking(true).unwrap();
    let kind = here.recv(&mut buffer).map_err(|error| error.kind());
    let none = matches!(
        kind,
        Ok(0) | Err(ErrorKind::WouldBlock | ErrorKind::ConnectionReset)
    );
    println!("lengths {lengths:?}, no more: {none}");
}
