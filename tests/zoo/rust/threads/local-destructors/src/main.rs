use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct Buffer(Vec<usize>);

impl Drop for Buffer {
    fn drop(&mut self) {
        DROPPED.fetch_add(self.0.len(), Ordering::SeqCst);
    }
}

thread_local! {
    static BUFFER: RefCell<Buffer> = const { RefCell::new(Buffer(Vec::new())) };
}

fn main() {
    thread::scope(|s| {
        let work = |n| BUFFER.with(|b| b.borrow_mut().0.extend(0..n));
        let handles: Vec<_> = (1..4).map(|n| s.spawn(move || work(n))).collect();
        for handle in handles {
            handle.join().unwrap();
        }
    });
    println!("dropped {}", DROPPED.load(Ordering::SeqCst));
    println!("main itself holds {}", BUFFER.with(|b| b.borrow().0.len()));
}
