use std::io::{Error, ErrorKind, Write};
use std::os::raw::c_int;
use std::os::unix::io::AsRawFd;
use std::os::unix::net::UnixStream;
use std::thread;

extern "C" {
    fn recv(fd: c_int, buffer: *mut u8, size: usize, flags: c_int) -> isize;
}

const MSG_DONTWAIT: c_int = 0x40;

fn look(stream: &UnixStream) -> Result<u8, ErrorKind> {
    let mut byte = 0;
    // SAFETY: there is room for one byte.
    match unsafe { recv(stream.as_raw_fd(), &mut byte, 1, MSG_DONTWAIT) } {
        1 => Ok(byte),
        0 => Err(ErrorKind::UnexpectedEof),
        _ => Err(Error::last_os_error().kind()),
    }
}

fn main() {
    let (here, mut there) = UnixStream::pair().unwrap();
    let first = look(&here);
    let sender = thread::spawn(move || there.write_all(&[42]).unwrap());
    let second = loop {
        match look(&here) {
            Err(ErrorKind::WouldBlock) => thread::yield_now(),
            answer => break answer,
        }
    };
    sender.join().unwrap();
    println!("{first:?}, {second:?}, {:?}", look(&here));
}
