//! A function that blocks its thread would stop every task of that thread.
//! In a thread of its own it stops nobody.

use std::sync::mpsc::{channel, Receiver, Sender};
use tokio::task::{spawn_blocking, yield_now};

// 1. Ordinary code, which waits without `.await`
fn wait_for_start(start: Receiver<()>) -> &'static str {
    println!("the thread waits");
    start.recv().unwrap();
    println!("the thread goes on");
    "ready"
}

async fn count(start: Sender<()>) {
    for i in 0..3 {
        println!("the loop counts {i}");
        yield_now().await;
    }
    println!("the loop gives the start");
    start.send(()).unwrap();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 2. It waits for what a task of this loop will do
    let (sender, receiver) = channel();
    let waiting = spawn_blocking(|| wait_for_start(receiver));
    let (answer, ()) = tokio::join!(waiting, count(sender));

    // 3. Its result comes back to the loop
    println!("answer: {}", answer.unwrap());
}
