use once_cell::sync::{Lazy, OnceCell};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

static RUNS: AtomicU32 = AtomicU32::new(0);
static TABLE: Lazy<Vec<u32>> = Lazy::new(|| {
    RUNS.fetch_add(1, Ordering::SeqCst);
    vec![2, 3, 5]
});
static FIRST: OnceCell<u32> = OnceCell::new();

fn main() {
    let failed = FIRST.get_or_try_init(|| Err("not yet"));
    let threads = [0, 1, 2].map(|i| {
        thread::spawn(move || {
            let n = *FIRST.get_or_init(|| i);
            (TABLE[i as usize], n)
        })
    });
    let (primes, firsts): (Vec<_>, Vec<_>) = threads.map(|t| t.join().unwrap()).into_iter().unzip();
    let agreed = firsts.iter().all(|n| Some(n) == FIRST.get());
    println!("failed: {}, agreed: {agreed}", failed.is_err());
    println!("primes {primes:?}, runs {}", RUNS.load(Ordering::SeqCst));
}
