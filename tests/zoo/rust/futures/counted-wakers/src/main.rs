use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread;

struct Bell(AtomicU32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    let bell = Arc::new(Bell(AtomicU32::new(0)));
    let waker = Waker::from(Arc::clone(&bell));
    let threads = [(); 3].map(|()| {
        let waker = waker.clone();
        thread::spawn(move || {
            waker.wake_by_ref();
            waker.wake();
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    drop(waker);
    let rings = bell.0.load(Ordering::Relaxed);
    println!("rings {rings}, owners {}", Arc::strong_count(&bell));
}
