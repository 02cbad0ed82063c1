use std::os::raw::{c_int, c_uint, c_void};
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::thread;

extern "C" {
    fn pthread_once(control: *mut c_int, routine: extern "C" fn()) -> c_int;
    fn pthread_key_create(key: *mut c_uint, destructor: extern "C" fn(*mut c_void)) -> c_int;
    fn pthread_setspecific(key: c_uint, value: *const c_void) -> c_int;
}

static CONTROL: AtomicI32 = AtomicI32::new(0);
static KEY: AtomicU32 = AtomicU32::new(0);
static MADE: AtomicU32 = AtomicU32::new(0);
static ENDED: AtomicU32 = AtomicU32::new(0);

extern "C" fn make_key() {
    let mut key = 0;
    MADE.fetch_add(1, Ordering::SeqCst);
    // SAFETY: it fills in the key.
    unsafe { pthread_key_create(&mut key, ended) };
    KEY.store(key, Ordering::SeqCst);
}

extern "C" fn ended(value: *mut c_void) {
    ENDED.fetch_add(value as usize as u32, Ordering::SeqCst);
}

fn work(n: usize) {
    // SAFETY: the control is a static, and the key is made when once returns.
    unsafe {
        pthread_once(CONTROL.as_ptr(), make_key);
        pthread_setspecific(KEY.load(Ordering::SeqCst), n as *const c_void);
    }
}

fn main() {
    let threads = [1, 2, 4].map(|n| thread::spawn(move || work(n)));
    for thread in threads {
        thread.join().unwrap();
    }
    let (made, ended) = (MADE.load(Ordering::SeqCst), ENDED.load(Ordering::SeqCst));
    println!("keys {made}, ended {ended}");
}
