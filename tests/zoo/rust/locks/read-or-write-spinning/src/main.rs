use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::thread;

const WRITER: u32 = 1 << 30;

struct Spinning<T> {
    state: AtomicU32,
    value: UnsafeCell<T>,
}

unsafe impl<T: Send + Sync> Sync for Spinning<T> {}

impl<T> Spinning<T> {
    fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        loop {
            let readers = self.state.load(Relaxed);
            if readers < WRITER
                && self
                    .state
                    .compare_exchange_weak(readers, readers + 1, Acquire, Relaxed)
                    .is_ok()
            {
                break;
            }
            thread::yield_now();
        }
        let seen = look(unsafe { &*self.value.get() });
        self.state.fetch_sub(1, Release);
        seen
    }

    fn write(&self, change: impl FnOnce(&mut T)) {
        while self
            .state
            .compare_exchange_weak(0, WRITER, Acquire, Relaxed)
            .is_err()
        {
            thread::yield_now();
        }
        change(unsafe { &mut *self.value.get() });
        self.state.store(0, Release);
    }
}

fn main() {
    let pair = Spinning {
        state: AtomicU32::new(0),
        value: UnsafeCell::new((0, 0)),
    };
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                for _ in 0..2 {
                    pair.write(|(a, b)| {
                        *a += 1;
                        *b += 1;
                    });
                }
            });
        }
        s.spawn(|| (0..3).for_each(|_| assert!(pair.read(|(a, b)| a == b))));
    });
    let (a, b) = pair.read(|pair| *pair);
    println!("pair {a} {b}");
}
