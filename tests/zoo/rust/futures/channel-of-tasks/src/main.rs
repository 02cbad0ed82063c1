use std::collections::VecDeque;
use std::future::{poll_fn, Future};
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

#[derive(Default)]
struct Signal(Mutex<bool>, Condvar);

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.0.lock().unwrap() = true;
        self.1.notify_one();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let woken = signal.0.lock().unwrap();
        *signal.1.wait_while(woken, |woken| !*woken).unwrap() = false;
    }
}

type Queue = Mutex<(VecDeque<u32>, Option<Waker>)>;

async fn receive(queue: &Queue) -> u32 {
    poll_fn(|cx| {
        let mut queue = queue.lock().unwrap();
        queue.1 = Some(cx.waker().clone());
        queue.0.pop_front().map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

fn send(queue: &Queue, n: u32) {
    let mut queue = queue.lock().unwrap();
    queue.0.push_back(n);
    if let Some(waker) = queue.1.take() {
        waker.wake();
    }
}

fn main() {
    let queue = Queue::default();
    let sum = thread::scope(|s| {
        s.spawn(|| (1..=4).for_each(|n| send(&queue, n)));
        block_on(async {
            let mut sum = 0;
            for _ in 0..4 {
                sum = 10 * sum + receive(&queue).await;
            }
            sum
        })
    });
    println!("received {sum}");
}
