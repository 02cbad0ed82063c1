use std::os::raw::c_int;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

extern "C" {
    fn sched_yield() -> c_int;
}

static TURN: AtomicU32 = AtomicU32::new(0);

fn main() {
    let threads = [0, 1, 2].map(|me| {
        thread::spawn(move || {
            for _ in 0..2 {
                while TURN.load(Ordering::Acquire) % 3 != me {
                    // SAFETY: it takes nothing.
                    unsafe { sched_yield() };
                }
                println!("turn of {me}");
                TURN.fetch_add(1, Ordering::Release);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}
