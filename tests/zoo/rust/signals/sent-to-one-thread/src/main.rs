use std::cell::Cell;
use std::os::raw::{c_int, c_ulong};
use std::os::unix::thread::JoinHandleExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

extern "C" {
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
    fn pthread_kill(thread: c_ulong, number: c_int) -> c_int;
}

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

const SIGUSR1: c_int = 10;
static SEEN_BY: AtomicU32 = AtomicU32::new(0);
static READY: AtomicU32 = AtomicU32::new(0);

extern "C" fn who(_: c_int) {
    SEEN_BY.fetch_add(NUMBER.with(Cell::get), Ordering::SeqCst);
}

fn main() {
    // SAFETY: the handler reads a thread local without a destructor, and counts.
    unsafe { signal(SIGUSR1, who) };
    let threads = [1, 10].map(|number| {
        thread::spawn(move || {
            NUMBER.with(|n| n.set(number));
            READY.fetch_add(1, Ordering::SeqCst);
            while SEEN_BY.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
        })
    });
    while READY.load(Ordering::SeqCst) < 2 {
        thread::yield_now();
    }
    // SAFETY: the thread is not joined yet.
    unsafe { pthread_kill(threads[1].as_pthread_t() as c_ulong, SIGUSR1) };
    for thread in threads {
        thread.join().unwrap();
    }
    println!("seen by {}", SEEN_BY.load(Ordering::SeqCst));
}
