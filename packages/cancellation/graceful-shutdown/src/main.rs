//! A server is told to stop. Whatever it has begun it finishes, and whoever
//! still waits in line is refused: nobody is left without an answer.

use tokio::select;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver};
use tokio::sync::watch;
use tokio::task::{yield_now, JoinSet};
use tokio_util::sync::CancellationToken;

async fn handle(who: &str, mut database: watch::Receiver<bool>) {
    database.wait_for(|is_up| *is_up).await.unwrap();
    println!("{who} is answered");
}

async fn accept(
    mut requests: UnboundedReceiver<&'static str>,
    stop: CancellationToken,
    database: watch::Receiver<bool>,
) -> (JoinSet<()>, UnboundedReceiver<&'static str>) {
    let mut in_flight = JoinSet::new();
    loop {
        select! {
            biased;
            _ = stop.cancelled() => return (in_flight, requests),
            Some(who) = requests.recv() => {
                println!("{who} is accepted");
                in_flight.spawn(handle(who, database.clone()));
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, requests) = unbounded_channel();
    let stop = CancellationToken::new();
    let (database, is_up) = watch::channel(false);

    // 1. Each request becomes a task of the set, as long as any come
    let door = tokio::spawn(accept(requests, stop.clone(), is_up));
    for who in ["ann", "bob"] {
        sender.send(who).unwrap();
        yield_now().await;
    }

    // 2. Close the door, then let those finish who are inside
    stop.cancel();
    println!("the server is told to stop");
    sender.send("cho").unwrap();
    database.send_replace(true);
    let (in_flight, mut requests) = door.await.unwrap();
    in_flight.join_all().await;

    // 3. All that was accepted is answered; the rest is refused
    requests.close();
    while let Some(who) = requests.recv().await {
        println!("{who} is refused");
    }
    println!("the server has stopped");
}
