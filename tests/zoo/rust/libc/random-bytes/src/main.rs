use std::os::raw::c_uint;
use std::thread;

extern "C" {
    fn getrandom(buffer: *mut u8, size: usize, flags: c_uint) -> isize;
}

fn draw() -> [u8; 16] {
    let mut bytes = [0; 16];
    // SAFETY: the buffer is as long as is said.
    let got = unsafe { getrandom(bytes.as_mut_ptr(), bytes.len(), 0) };
    assert_eq!(got, 16);
    bytes
}

fn main() {
    let mut drawn = [(); 3]
        .map(|()| thread::spawn(draw))
        .map(|t| t.join().unwrap())
        .to_vec();
    drawn.sort_unstable();
    drawn.dedup();
    println!("{} different", drawn.len());
}
