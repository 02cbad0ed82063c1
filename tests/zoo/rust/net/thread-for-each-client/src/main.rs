use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

fn serve(mut stream: TcpStream) {
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line).unwrap();
    let n: u64 = line.trim().parse().unwrap();
    writeln!(stream, "{}", n * n).unwrap();
}

fn ask(server: SocketAddr, n: u64) -> u64 {
    let mut stream = TcpStream::connect(server).unwrap();
    writeln!(stream, "{n}").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim().parse().unwrap()
}

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let clients = [3, 4, 5].map(|n| thread::spawn(move || ask(address, n)));
    for stream in listener.incoming().take(3) {
        let stream = stream.unwrap();
        thread::spawn(move || serve(stream));
    }
    for client in clients {
        println!("answer {}", client.join().unwrap());
    }
}
