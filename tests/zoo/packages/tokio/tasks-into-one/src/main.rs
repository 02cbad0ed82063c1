use tokio::sync::mpsc;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (tx, mut rx) = mpsc::channel(2);
    for who in 1..=3 {
        let tx = tx.clone();
        tokio::spawn(async move {
            for n in 1..=2 {
                tx.send((who, n)).await.unwrap();
            }
        });
    }
    drop(tx);
    while let Some((who, n)) = rx.recv().await {
        println!("{who} sent {n}");
    }
    println!("all gone");
}
