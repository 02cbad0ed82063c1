use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::{yield_now, JoinSet};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let balance = Arc::new(Mutex::new(0));
    let mut tasks = JoinSet::new();
    for n in 1..=4 {
        let balance = Arc::clone(&balance);
        tasks.spawn(async move {
            let mut balance = balance.lock().await;
            let old = *balance;
            yield_now().await;
            *balance = old + n;
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
    println!("balance {}", *balance.lock().await);
}
