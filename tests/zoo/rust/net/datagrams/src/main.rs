use std::net::UdpSocket;
use std::thread;

fn main() {
    let [server, client] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    let address = server.local_addr().unwrap();
    let shouter = thread::spawn(move || {
        let mut buffer = [0; 64];
        for _ in 0..2 {
            let (n, from) = server.recv_from(&mut buffer).unwrap();
            let loud = buffer[..n].to_ascii_uppercase();
            server.send_to(&loud, from).unwrap();
        }
    });
    client.connect(address).unwrap();
    for word in ["hey", "you"] {
        client.send(word.as_bytes()).unwrap();
        let mut buffer = [0; 64];
        let n = client.recv(&mut buffer).unwrap();
        println!("heard {}", String::from_utf8_lossy(&buffer[..n]));
    }
    shouter.join().unwrap();
}
