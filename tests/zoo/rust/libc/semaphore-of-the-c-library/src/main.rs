use std::cell::UnsafeCell;
use std::os::raw::{c_int, c_uint};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

#[repr(C, align(8))]
struct Semaphore(UnsafeCell<[u8; 32]>);

// SAFETY: a semaphore is made to be used by many threads.
unsafe impl Sync for Semaphore {}

extern "C" {
    fn sem_init(semaphore: *mut [u8; 32], shared: c_int, value: c_uint) -> c_int;
    fn sem_post(semaphore: *mut [u8; 32]) -> c_int;
    fn sem_wait(semaphore: *mut [u8; 32]) -> c_int;
}

static READY: Semaphore = Semaphore(UnsafeCell::new([0; 32]));
static COOKED: AtomicU32 = AtomicU32::new(0);

fn main() {
    // SAFETY: it is a static, and is made before anybody uses it.
    unsafe { sem_init(READY.0.get(), 0, 0) };
    for _ in 0..3 {
        thread::spawn(|| {
            COOKED.fetch_add(1, Ordering::SeqCst);
            // SAFETY: it was made above.
            unsafe { sem_post(READY.0.get()) };
        });
    }
    for _ in 0..3 {
        // SAFETY: as above.
        unsafe { sem_wait(READY.0.get()) };
    }
    println!("cooked {}", COOKED.load(Ordering::SeqCst));
}
