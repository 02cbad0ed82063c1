use smol::{channel, future, Executor};
use std::sync::Arc;
use std::thread;

fn main() {
    let executor = Arc::new(Executor::new());
    let (stop, stopped) = channel::bounded::<()>(1);
    let threads = [(); 2].map(|()| {
        let (executor, stopped) = (Arc::clone(&executor), stopped.clone());
        thread::spawn(move || future::block_on(executor.run(stopped.recv())).is_err())
    });
    let (tx, rx) = async_channel::bounded(1);
    let sender = executor.spawn(async move {
        for n in 1..=4 {
            tx.send(n).await.unwrap();
        }
    });
    let adders = [(); 2].map(|()| {
        let rx = rx.clone();
        executor.spawn(async move {
            let mut sum = 0;
            while let Ok(n) = rx.recv().await {
                sum += n;
            }
            sum
        })
    });
    let [one, two] = adders;
    let ((), sums) = future::block_on(future::zip(sender, future::zip(one, two)));
    drop(stop);
    let stopped = threads.map(|t| t.join().unwrap());
    println!("sum {}, stopped {stopped:?}", sums.0 + sums.1);
}
