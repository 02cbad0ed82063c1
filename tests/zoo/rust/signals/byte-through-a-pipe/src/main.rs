use std::fs::File;
use std::io::Read;
use std::os::raw::{c_int, c_void};
use std::os::unix::io::FromRawFd;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn raise(number: c_int) -> c_int;
    fn pipe(ends: *mut c_int) -> c_int;
    fn write(fd: c_int, bytes: *const c_void, count: usize) -> isize;
    fn close(fd: c_int) -> c_int;
}

const SIGUSR1: c_int = 10;
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn tell(number: c_int) {
    let byte = number as u8;
    // SAFETY: write may be called in a handler, and the byte outlives the call.
    unsafe { write(PIPE.load(Ordering::SeqCst), (&byte as *const u8).cast(), 1) };
}

fn main() {
    let mut ends = [0; 2];
    // SAFETY: pipe fills in two descriptors, of which the reading end is ours alone.
    let mut reader = unsafe {
        assert_eq!(pipe(ends.as_mut_ptr()), 0);
        PIPE.store(ends[1], Ordering::SeqCst);
        signal(SIGUSR1, tell);
        File::from_raw_fd(ends[0])
    };
    let counter = thread::spawn(move || {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    });
    for _ in 0..3 {
        // SAFETY: the handler of this signal is set.
        unsafe { raise(SIGUSR1) };
    }
    // SAFETY: nobody raises it any more, so nobody writes.
    unsafe { close(ends[1]) };
    println!("bytes {:?}", counter.join().unwrap());
}
