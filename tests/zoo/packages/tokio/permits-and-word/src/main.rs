use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};
use tokio::task::yield_now;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let gate = Arc::new(Semaphore::new(2));
    let (done, left) = (Arc::new(Notify::new()), Arc::new(AtomicU32::new(4)));
    for n in 1..=4 {
        let (gate, done, left) = (gate.clone(), done.clone(), left.clone());
        tokio::spawn(async move {
            let permit = gate.acquire().await.unwrap();
            println!("{n} enters");
            yield_now().await;
            println!("{n} leaves");
            drop(permit);
            if left.fetch_sub(1, SeqCst) == 1 {
                done.notify_one();
            }
        });
    }
    done.notified().await;
    println!("all have left");
}
