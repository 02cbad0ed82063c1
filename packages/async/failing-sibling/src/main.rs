//! Two tasks belong together: when one of them fails, there is no use in the
//! other. A join set hands over each result, and stops nobody by itself.

use std::future::pending;
use tokio::task::JoinSet;

struct Stop;

impl Drop for Stop {
    fn drop(&mut self) {
        println!("one is stopped");
    }
}

async fn work() -> Result<(), String> {
    let _stop = Stop;
    println!("one is at work");
    pending().await
}

async fn fail() -> Result<(), String> {
    println!("another fails");
    Err("out of luck".to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. Start both in a set
    let mut group = JoinSet::new();
    group.spawn(work());
    group.spawn(fail());

    // 2. The failure is a result like any other: stop the rest yourself
    while let Some(done) = group.join_next().await {
        if let Err(why) = done.unwrap() {
            println!("heard of it: {why}");
            group.shutdown().await;
        }
    }

    // 3. Nobody is left behind
    println!("main goes on");
}
