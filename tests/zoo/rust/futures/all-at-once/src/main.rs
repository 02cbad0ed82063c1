use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::sync::{mpsc, Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

struct Ring(Mutex<mpsc::Sender<()>>);

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        let _ = self.0.lock().unwrap().send(());
    }
}

type Boxed = Pin<Box<dyn Future<Output = u32>>>;

fn work(n: u32) -> Boxed {
    let slot = Arc::new(Mutex::new((None, None::<Waker>)));
    let theirs = Arc::clone(&slot);
    thread::spawn(move || {
        let mut slot = theirs.lock().unwrap();
        slot.0 = Some(n * n);
        if let Some(waker) = slot.1.take() {
            waker.wake();
        }
    });
    Box::pin(poll_fn(move |cx| {
        let mut slot = slot.lock().unwrap();
        slot.1 = Some(cx.waker().clone());
        slot.0.map_or(Poll::Pending, Poll::Ready)
    }))
}

async fn join_all(mut parts: Vec<Boxed>) -> Vec<u32> {
    poll_fn(move |cx| {
        let polls = parts.iter_mut().map(|part| part.as_mut().poll(cx));
        let ready: Vec<u32> = polls.filter_map(ready).collect();
        if ready.len() == parts.len() {
            Poll::Ready(ready)
        } else {
            Poll::Pending
        }
    })
    .await
}

fn ready(poll: Poll<u32>) -> Option<u32> {
    match poll {
        Poll::Ready(n) => Some(n),
        Poll::Pending => None,
    }
}

fn main() {
    let (tx, rx) = mpsc::channel();
    let waker = Waker::from(Arc::new(Ring(Mutex::new(tx))));
    let mut all = Box::pin(join_all((1..=3).map(work).collect()));
    let squares = loop {
        match all.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(squares) => break squares,
            Poll::Pending => rx.recv().unwrap(),
        }
    };
    println!("squares {squares:?}");
}
