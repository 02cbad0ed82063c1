use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Mutex;
use std::thread;

static DRAWN: AtomicU32 = AtomicU32::new(0);
static CALLED: AtomicU32 = AtomicU32::new(0);

fn with_lock(work: impl FnOnce(u32)) {
    let mine = DRAWN.fetch_add(1, Ordering::Relaxed);
    while CALLED.load(Ordering::Acquire) != mine {
        thread::yield_now();
    }
    work(mine);
    CALLED.store(mine + 1, Ordering::Release);
}

fn main() {
    let served = Mutex::new(Vec::new());
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                for _ in 0..2 {
                    with_lock(|number| served.try_lock().unwrap().push(number));
                }
            });
        }
    });
    println!("served {:?}", served.into_inner().unwrap());
}
