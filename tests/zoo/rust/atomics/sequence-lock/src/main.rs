use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

static VERSION: AtomicU32 = AtomicU32::new(0);
static X: AtomicU32 = AtomicU32::new(0);
static Y: AtomicU32 = AtomicU32::new(0);

fn write(n: u32) {
    VERSION.fetch_add(1, Ordering::SeqCst);
    X.store(n, Ordering::SeqCst);
    Y.store(n * n, Ordering::SeqCst);
    VERSION.fetch_add(1, Ordering::SeqCst);
}

fn read() -> (u32, u32) {
    loop {
        let before = VERSION.load(Ordering::SeqCst);
        let seen = (X.load(Ordering::SeqCst), Y.load(Ordering::SeqCst));
        if before % 2 == 0 && VERSION.load(Ordering::SeqCst) == before {
            return seen;
        }
        thread::yield_now();
    }
}

fn main() {
    let torn = thread::scope(|s| {
        s.spawn(|| (1..=3).for_each(write));
        let readers = [(); 2].map(|()| s.spawn(|| (0..3).map(|_| read()).collect::<Vec<_>>()));
        let seen = readers.map(|r| r.join().unwrap()).concat();
        seen.iter().filter(|(x, y)| x * x != *y).count()
    });
    println!("torn {torn}, at last {:?}", read());
}
