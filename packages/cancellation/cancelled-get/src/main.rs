//! A reader is aborted in the very moment in which a letter arrives for it.
//! The letter stays in the channel for the next reader.

use std::sync::Arc;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver};
use tokio::sync::Mutex;
use tokio::task::yield_now;

async fn read(inbox: Arc<Mutex<UnboundedReceiver<&str>>>) {
    println!("a reader waits");
    let letter = inbox.lock().await.recv().await.unwrap();
    println!("read: {letter}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A reader waits
    let (sender, receiver) = unbounded_channel();
    let inbox = Arc::new(Mutex::new(receiver));
    let reader = tokio::spawn(read(Arc::clone(&inbox)));
    yield_now().await;

    // 2. A letter wakes it, and before it runs it is aborted
    sender.send("hello").unwrap();
    reader.abort();
    if reader.await.is_err_and(|error| error.is_cancelled()) {
        println!("the reader is cancelled");
    }

    // 3. The letter is still there
    println!("letters left: {}", inbox.lock().await.len());
    read(inbox).await;
}
