use rustix::event::{poll, PollFd, PollFlags};
use rustix::io::{read, write};
use rustix::pipe::pipe;
use std::thread;

fn main() {
    let (reader, writer) = pipe().unwrap();
    let giver = thread::spawn(move || {
        for byte in [7, 8] {
            write(&writer, &[byte]).unwrap();
        }
    });
    let mut sum = 0;
    loop {
        let mut fds = [PollFd::new(&reader, PollFlags::IN)];
        poll(&mut fds, None).unwrap();
        let mut byte = [0];
        if read(&reader, &mut byte).unwrap() == 0 {
            break;
        }
        sum += u32::from(byte[0]);
    }
    giver.join().unwrap();
    println!("sum {sum}");
}
