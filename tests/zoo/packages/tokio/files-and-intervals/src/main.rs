use std::time::Duration;
use tokio::time::{interval, sleep, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    let mut ticks = interval(Duration::from_millis(4));
    ticks.tick().await;
    sleep(Duration::from_millis(9)).await;
    for _ in 0..4 {
        ticks.tick().await;
    }
    println!(
        "four periods: {}",
        start.elapsed() >= Duration::from_millis(16)
    );
}
