use std::sync::mpsc;
use tokio::task::{spawn_blocking, yield_now};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, rx) = mpsc::channel();
    let blocked = spawn_blocking(move || rx.iter().sum::<u32>());
    let sender = tokio::spawn(async move {
        for n in [4, 5, 6] {
            tx.send(n).unwrap();
            yield_now().await;
        }
    });
    sender.await.unwrap();
    println!("sum {}", blocked.await.unwrap());
}
