use std::future::{pending, ready};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let patience = Duration::from_millis(10);
    let never = timeout(patience, pending::<()>()).await;
    let long = start.elapsed() >= patience;
    println!("never: {}, long enough: {long}", never.is_err());
    let at_once = timeout(Duration::from_secs(3600), ready(7)).await;
    println!("at once: {}", at_once.unwrap());
    let naps = [5, 2].map(|ms| tokio::spawn(sleep(Duration::from_millis(ms))));
    for nap in naps {
        nap.await.unwrap();
    }
    println!("rested: {}", start.elapsed() >= Duration::from_millis(15));
}
