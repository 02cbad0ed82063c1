use smol::{future, unblock, Timer};
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let pause = Duration::from_millis(6);
    let (winner, cube) = smol::block_on(async {
        let cube = smol::spawn(unblock(|| 3_u32.pow(3)));
        Timer::after(pause).await;
        let slow = async {
            Timer::after(Duration::from_secs(3600)).await;
            "slow"
        };
        (future::or(async { "quick" }, slow).await, cube.await)
    });
    println!(
        "{winner} wins, cube {cube}, rested: {}",
        start.elapsed() >= pause
    );
}
