use std::future::pending;
use tokio::task::JoinSet;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut set = JoinSet::new();
    for n in 0..3 {
        set.spawn(async move { 12 / n });
    }
    let (mut sum, mut panics) = (0, 0);
    while let Some(result) = set.join_next().await {
        match result {
            Ok(n) => sum += n,
            Err(error) => panics += u32::from(error.is_panic()),
        }
    }
    set.spawn(pending());
    set.abort_all();
    let aborted = set.join_next().await.unwrap().unwrap_err().is_cancelled();
    println!("sum {sum}, panics {panics}, aborted: {aborted}");
}
