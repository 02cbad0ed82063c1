use std::ptr::NonNull;
use std::sync::atomic::{fence, AtomicU32, AtomicUsize, Ordering};
use std::thread;

struct Inner {
    owners: AtomicUsize,
    value: Noisy,
}

struct Noisy(u32);

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("dropped {}", self.0);
    }
}

struct Shared(NonNull<Inner>);

unsafe impl Send for Shared {}

impl Shared {
    fn new(value: u32) -> Self {
        let inner = Inner {
            owners: AtomicUsize::new(1),
            value: Noisy(value),
        };
        Shared(NonNull::from(Box::leak(Box::new(inner))))
    }

    fn value(&self) -> u32 {
        unsafe { self.0.as_ref() }.value.0
    }

    fn alone(&mut self) -> Option<&mut u32> {
        let inner = unsafe { self.0.as_mut() };
        (inner.owners.load(Ordering::Acquire) == 1).then_some(&mut inner.value.0)
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        unsafe { self.0.as_ref() }
            .owners
            .fetch_add(1, Ordering::Relaxed);
        Shared(self.0)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let owners = unsafe { &self.0.as_ref().owners };
        if owners.fetch_sub(1, Ordering::Release) == 1 {
            fence(Ordering::Acquire);
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}

fn main() {
    let mut shared = Shared::new(1);
    let sum = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            let mine = shared.clone();
            let sum = &sum;
            s.spawn(move || sum.fetch_add(mine.value(), Ordering::Relaxed));
        }
    });
    println!("sum {}", sum.into_inner());
    *shared.alone().unwrap() = 9;
    let others: Vec<_> = (0..2).map(|_| shared.clone()).collect();
    drop(shared);
    let threads = others
        .into_iter()
        .map(|other| thread::spawn(move || drop(other)));
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap();
    }
}
