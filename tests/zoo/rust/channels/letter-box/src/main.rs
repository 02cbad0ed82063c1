use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};

struct LetterBox<T> {
    letter: UnsafeCell<MaybeUninit<T>>,
    ready: AtomicBool,
}

unsafe impl<T: Send> Sync for LetterBox<T> {}

impl<T> LetterBox<T> {
    fn put(&self, letter: T, receiver: &Thread) {
        unsafe { (*self.letter.get()).write(letter) };
        self.ready.store(true, Ordering::Release);
        receiver.unpark();
    }

    fn take(&self) -> T {
        while !self.ready.swap(false, Ordering::Acquire) {
            thread::park();
        }
        unsafe { (*self.letter.get()).assume_init_read() }
    }
}

fn main() {
    let post = LetterBox {
        letter: UnsafeCell::new(MaybeUninit::uninit()),
        ready: AtomicBool::new(false),
    };
    let receiver = thread::current();
    thread::scope(|s| {
        s.spawn(|| post.put(String::from("hello"), &receiver));
        println!("got {}", post.take());
    });
}
