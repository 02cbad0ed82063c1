use std::os::raw::c_int;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn raise(number: c_int) -> c_int;
}

const SIGUSR2: c_int = 12;
static COUNT: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_: c_int) {
    COUNT.fetch_add(1, Ordering::Relaxed);
}

fn main() {
    // SAFETY: the handler does what a handler may.
    unsafe { signal(SIGUSR2, count) };
    let threads = [(); 3].map(|()| {
        thread::spawn(|| {
            for _ in 0..2 {
                // SAFETY: its handler is set.
                unsafe { raise(SIGUSR2) };
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    println!("counted {}", COUNT.load(Ordering::Relaxed));
}
