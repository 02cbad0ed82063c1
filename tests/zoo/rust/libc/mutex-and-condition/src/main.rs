use std::cell::UnsafeCell;
use std::os::raw::c_int;
use std::thread;

#[repr(C, align(8))]
struct Raw<const N: usize>(UnsafeCell<[u8; N]>);

// SAFETY: both are made to be used by many threads.
unsafe impl<const N: usize> Sync for Raw<N> {}

extern "C" {
    fn pthread_mutex_lock(mutex: *mut [u8; 48]) -> c_int;
    fn pthread_mutex_unlock(mutex: *mut [u8; 48]) -> c_int;
    fn pthread_cond_wait(condition: *mut [u8; 48], mutex: *mut [u8; 48]) -> c_int;
    fn pthread_cond_broadcast(condition: *mut [u8; 48]) -> c_int;
}

// On Linux, nothing but zeros is an initialized mutex, and a condition.
static MUTEX: Raw<48> = Raw(UnsafeCell::new([0; 48]));
static CHANGED: Raw<48> = Raw(UnsafeCell::new([0; 48]));
struct Place(UnsafeCell<Option<u32>>);
// SAFETY: it is touched only under the mutex.
unsafe impl Sync for Place {}
static PLACE: Place = Place(UnsafeCell::new(None));

fn when<T>(is_ready: fn(&Option<u32>) -> bool, act: impl FnOnce(&mut Option<u32>) -> T) -> T {
    // SAFETY: the statics live for ever, and the place is touched under the mutex.
    unsafe {
        pthread_mutex_lock(MUTEX.0.get());
        while !is_ready(&*PLACE.0.get()) {
            pthread_cond_wait(CHANGED.0.get(), MUTEX.0.get());
        }
        let result = act(&mut *PLACE.0.get());
        pthread_cond_broadcast(CHANGED.0.get());
        pthread_mutex_unlock(MUTEX.0.get());
        result
    }
}

fn main() {
    let giver = thread::spawn(|| {
        for n in 1..=4 {
            when(Option::is_none, |place| *place = Some(n));
        }
    });
    let taken = [(); 4].map(|()| when(Option::is_some, |place| place.take().unwrap()));
    giver.join().unwrap();
    println!("taken {taken:?}");
}
