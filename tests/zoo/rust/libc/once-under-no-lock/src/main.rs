use std::os::raw::c_int;
use std::sync::atomic::AtomicI32;
use std::sync::Mutex;
use std::thread;

extern "C" {
    fn pthread_once(control: *mut c_int, routine: extern "C" fn()) -> c_int;
}

static CONTROL: AtomicI32 = AtomicI32::new(0);
static TABLE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

extern "C" fn fill() {
    TABLE.lock().unwrap().extend([1, 2, 3]);
}

fn once() {
    // SAFETY: the control is a static.
    unsafe { pthread_once(CONTROL.as_ptr(), fill) };
}

fn sum() -> u32 {
    once();
    let table = TABLE.lock().unwrap();
    table.iter().sum()
}

fn main() {
    let threads = [0; 3].map(|_| thread::spawn(sum));
    let sums = threads.map(|thread| thread.join().unwrap());
    println!("sums {sums:?}");
}
