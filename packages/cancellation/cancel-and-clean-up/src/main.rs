//! A task that is aborted cleans up: its future is dropped where it waits,
//! and so is what that holds. `drop` cannot wait for anybody.

use std::future::pending;
use tokio::task::yield_now;

struct CleanUp;

impl Drop for CleanUp {
    fn drop(&mut self) {
        println!("clean-up begins");
        println!("clean-up ends");
    }
}

async fn work() {
    let _clean_up = CleanUp;
    println!("work begins");
    pending::<()>().await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A task that would wait for ever
    let task = tokio::spawn(work());
    yield_now().await;

    // 2. To abort is to ask: nothing happens before main lets it run
    task.abort();
    println!("asked to stop");
    yield_now().await;
    println!("main goes on");

    // 3. Wait until it has really ended
    if task.await.is_err_and(|error| error.is_cancelled()) {
        println!("it has ended");
    }
}
