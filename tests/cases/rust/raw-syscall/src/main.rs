use std::io::Write;
use std::thread;
fn main() {
    let (r, mut w) = std::io::pipe().unwrap();
    let t = thread::spawn(move || {
        let mut b = [0u8; 1];
        let n = rustix::io::read(&r, &mut b).unwrap();
        println!("got {n}");
    });
    w.write_all(b"x").unwrap();
    println!("sent 1");
    t.join().unwrap();
}
