use std::collections::VecDeque;
use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake};

type Ready = Arc<Mutex<VecDeque<Arc<Task>>>>;

struct Task {
    future: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ready: Ready,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let ready = Arc::clone(&self.ready);
        ready.lock().unwrap().push_back(self);
    }
}

async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

async fn count(who: char) {
    for n in 1..=3 {
        println!("{who} {n}");
        yield_now().await;
    }
}

fn main() {
    let ready = Ready::default();
    for who in ['a', 'b'] {
        let future = Mutex::new(Box::pin(count(who)) as _);
        let task = Task {
            future,
            ready: Arc::clone(&ready),
        };
        Arc::new(task).wake();
    }
    loop {
        let Some(task) = ready.lock().unwrap().pop_front() else {
            break;
        };
        let waker = Arc::clone(&task).into();
        let mut future = task.future.lock().unwrap();
        let _ = future.as_mut().poll(&mut Context::from_waker(&waker));
    }
}
