//! Limits of an hour, tried in no time: a paused clock stands still while
//! anybody can go on, and moves to the next timer when nobody can.

use std::time::Duration;
use tokio::time::{sleep, timeout, Instant};

const MINUTE: Duration = Duration::from_secs(60);

async fn ask(who: &str, minutes: u32) {
    let begin = Instant::now();
    let answer = timeout(60 * MINUTE, sleep(minutes * MINUTE)).await;
    let ending = match answer {
        Ok(()) => "answers",
        Err(_) => "is given up",
    };
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    println!("{who} {ending} after {minutes} minutes");
}

// 1. A clock that moves only when the runtime would have to wait
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    // 2. One is quick enough for a limit of an hour, one is not
    let begin = std::time::Instant::now();
    tokio::join!(ask("ann", 30), ask("bob", 90));

    // 3. The clock on the wall has hardly moved
    println!("on the wall: {} minutes", begin.elapsed().as_secs() / 60);
}
