use std::future::{poll_fn, Future};
use std::pin::{pin, Pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn sleep(time: Duration) -> impl Future<Output = Duration> {
    let shared = Arc::new((AtomicBool::new(false), Mutex::new(None::<Waker>)));
    let theirs = Arc::clone(&shared);
    thread::spawn(move || {
        thread::sleep(time);
        theirs.0.store(true, Ordering::SeqCst);
        if let Some(waker) = theirs.1.lock().unwrap().take() {
            waker.wake();
        }
    });
    poll_fn(move |cx| {
        *shared.1.lock().unwrap() = Some(cx.waker().clone());
        let is_over = shared.0.load(Ordering::SeqCst);
        if is_over {
            Poll::Ready(time)
        } else {
            Poll::Pending
        }
    })
}

fn main() {
    let start = Instant::now();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let (short, long) = (Duration::from_millis(3), Duration::from_millis(8));
    let mut both: Vec<Pin<Box<dyn Future<Output = Duration>>>> =
        vec![Box::pin(sleep(long)), Box::pin(sleep(short))];
    let mut slept = Duration::ZERO;
    while !both.is_empty() {
        both.retain_mut(|timer| match pin!(timer).poll(&mut cx) {
            Poll::Ready(time) => {
                slept += time;
                false
            }
            Poll::Pending => true,
        });
        if !both.is_empty() {
            thread::park();
        }
    }
    println!(
        "slept {slept:?} in all, the longer at least: {}",
        start.elapsed() >= long
    );
}
