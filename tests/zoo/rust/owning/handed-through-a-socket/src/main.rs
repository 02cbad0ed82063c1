use std::cell::UnsafeCell;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

struct Shared(UnsafeCell<u64>);

unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(1));

fn double() {
    unsafe { *SHARED.0.get() *= 2 };
}

fn main() {
    let (mut near, mut far) = UnixStream::pair().unwrap();
    let other = thread::spawn(move || {
        let mut token = [0];
        for _ in 0..3 {
            far.read_exact(&mut token).unwrap();
            double();
            far.write_all(&token).unwrap();
        }
    });
    let mut token = [0];
    for _ in 0..3 {
        double();
        near.write_all(&[1]).unwrap();
        near.read_exact(&mut token).unwrap();
    }
    other.join().unwrap();
    println!("value {}", unsafe { *SHARED.0.get() });
}
