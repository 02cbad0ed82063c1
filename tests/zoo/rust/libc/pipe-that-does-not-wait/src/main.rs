use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::raw::c_int;
use std::os::unix::io::FromRawFd;
use std::thread;

extern "C" {
    fn pipe2(ends: *mut c_int, flags: c_int) -> c_int;
}

const O_NONBLOCK: c_int = 0o4000;

fn main() {
    let mut ends = [0; 2];
    // SAFETY: it fills in two descriptors, and both are ours.
    let (mut reader, mut writer) = unsafe {
        assert_eq!(pipe2(ends.as_mut_ptr(), O_NONBLOCK), 0);
        (File::from_raw_fd(ends[0]), File::from_raw_fd(ends[1]))
    };
    let empty = reader.read(&mut [0]).unwrap_err().kind();
    let filler = thread::spawn(move || {
        let mut written = 0;
        loop {
            match writer.write(&[0; 4096]) {
                Ok(n) => written += n,
                Err(error) => return (written, error.kind()),
            }
        }
    });
    let (written, full) = filler.join().unwrap();
    let would_block = (empty, full) == (ErrorKind::WouldBlock, ErrorKind::WouldBlock);
    let mut held = Vec::new();
    reader.read_to_end(&mut held).unwrap();
    println!(
        "would block: {would_block}, all there: {}",
        held.len() == written
    );
}
