use std::os::raw::c_int;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// As large as a pthread_rwlock_t, and zeroed as its initialiser is.
type Lock = [AtomicU64; 7];

extern "C" {
    fn pthread_rwlock_rdlock(lock: *const Lock) -> c_int;
    fn pthread_rwlock_wrlock(lock: *const Lock) -> c_int;
    fn pthread_rwlock_unlock(lock: *const Lock) -> c_int;
}

#[allow(clippy::declare_interior_mutable_const)]
const ZERO: AtomicU64 = AtomicU64::new(0);
#[allow(clippy::declare_interior_mutable_const)]
const FREE: Lock = [ZERO; 7];
static LOCKS: [Lock; 2] = [FREE, FREE];
static READING: AtomicU32 = AtomicU32::new(0);
static DONE: AtomicU32 = AtomicU32::new(0);
static OVER: AtomicBool = AtomicBool::new(false);

fn work(read: usize, written: usize) {
    // SAFETY: the locks are statics, and each thread unlocks what it has locked.
    unsafe {
        pthread_rwlock_rdlock(&LOCKS[read]);
        READING.fetch_add(1, Ordering::SeqCst);
        pthread_rwlock_wrlock(&LOCKS[written]);
        DONE.fetch_add(1, Ordering::SeqCst);
        pthread_rwlock_unlock(&LOCKS[written]);
        READING.fetch_sub(1, Ordering::SeqCst);
        pthread_rwlock_unlock(&LOCKS[read]);
    }
}

fn main() {
    let clock = thread::spawn(|| {
        while !OVER.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(10));
        }
    });
    let threads =
        [(0, 1), (0, 1)].map(|(read, written)| thread::spawn(move || work(read, written)));
    for thread in threads {
        thread.join().unwrap();
    }
    OVER.store(true, Ordering::SeqCst);
    clock.join().unwrap();
    println!("done {}", DONE.load(Ordering::SeqCst));
}
