use tokio::sync::watch;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (tx, mut rx) = watch::channel(0);
    let watcher = tokio::spawn(async move {
        let mut seen = vec![*rx.borrow()];
        while rx.changed().await.is_ok() {
            seen.push(*rx.borrow_and_update());
        }
        seen
    });
    for n in 1..=5 {
        tx.send(n).unwrap();
        tokio::task::yield_now().await;
    }
    drop(tx);
    let seen = watcher.await.unwrap();
    let grows = seen.windows(2).all(|pair| pair[0] <= pair[1]);
    println!("grows: {grows}, last {}", seen[seen.len() - 1]);
}
