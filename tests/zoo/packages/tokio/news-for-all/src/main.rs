use tokio::sync::broadcast;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (tx, _) = broadcast::channel(8);
    let mut readers = Vec::new();
    for _ in 0..2 {
        let mut rx = tx.subscribe();
        readers.push(tokio::spawn(async move {
            let mut all = Vec::new();
            while let Ok(n) = rx.recv().await {
                all.push(n);
            }
            all
        }));
    }
    for n in [3, 1, 2] {
        tx.send(n).unwrap();
    }
    drop(tx);
    for reader in readers {
        println!("read {:?}", reader.await.unwrap());
    }
}
