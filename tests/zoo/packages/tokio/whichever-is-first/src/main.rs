use tokio::sync::{mpsc, oneshot};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (tx, mut rx) = mpsc::unbounded_channel();
    let (stop, mut stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(async move {
        let mut sum = 0;
        loop {
            tokio::select! {
                biased;
                Some(n) = rx.recv() => sum += n,
                _ = &mut stopped => return sum,
            }
        }
    });
    for n in 1..=5 {
        tx.send(n).unwrap();
    }
    stop.send(()).unwrap();
    println!("sum {}", worker.await.unwrap());
}
