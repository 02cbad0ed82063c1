use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::thread;

static SLOT: AtomicPtr<Parcel> = AtomicPtr::new(ptr::null_mut());
static FREED: AtomicUsize = AtomicUsize::new(0);

struct Parcel(usize);

impl Drop for Parcel {
    fn drop(&mut self) {
        FREED.fetch_add(self.0, Ordering::Relaxed);
    }
}

fn take(old: *mut Parcel) {
    if !old.is_null() {
        // SAFETY: it came out of a box, and the swap gave it to us alone.
        drop(unsafe { Box::from_raw(old) });
    }
}

fn main() {
    thread::scope(|s| {
        for n in [1, 10, 100] {
            s.spawn(move || {
                let parcel = Box::into_raw(Box::new(Parcel(n)));
                take(SLOT.swap(parcel, Ordering::AcqRel));
            });
        }
    });
    take(SLOT.swap(ptr::null_mut(), Ordering::Acquire));
    println!("freed {}", FREED.load(Ordering::Relaxed));
}
