use tokio::sync::{mpsc, oneshot};

#[tokio::main]
async fn main() {
    let (ask, mut asked) = mpsc::channel::<(u32, oneshot::Sender<u32>)>(4);
    let owner = tokio::spawn(async move {
        let mut total = 0;
        while let Some((n, answer)) = asked.recv().await {
            total += n;
            let _ = answer.send(total);
        }
        total
    });
    let mut clients = Vec::new();
    for n in [1, 10, 100] {
        let ask = ask.clone();
        clients.push(tokio::spawn(async move {
            let (tx, rx) = oneshot::channel();
            ask.send((n, tx)).await.unwrap();
            rx.await.unwrap() >= n
        }));
    }
    drop(ask);
    for client in clients {
        println!("answer holds its own part: {}", client.await.unwrap());
    }
    println!("total {}", owner.await.unwrap());
}
