//! A reader who signs for a letter before it reads it: between the two it can
//! be aborted, too, and then nobody has the letter.

use std::sync::Arc;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver};
use tokio::sync::Mutex;
use tokio::task::yield_now;

async fn read(inbox: Arc<Mutex<UnboundedReceiver<&str>>>) {
    let letter = inbox.lock().await.recv().await.unwrap();
    println!("signed for: {letter}");
    yield_now().await;
    println!("read: {letter}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A reader takes a letter, and waits for something else
    let (sender, receiver) = unbounded_channel();
    let inbox = Arc::new(Mutex::new(receiver));
    sender.send("hello").unwrap();
    let reader = tokio::spawn(read(Arc::clone(&inbox)));
    yield_now().await;

    // 2. It is aborted there
    reader.abort();
    if reader.await.is_err_and(|error| error.is_cancelled()) {
        println!("the reader is cancelled");
    }

    // 3. The letter has gone with it
    println!("letters left: {}", inbox.lock().await.len());
}
