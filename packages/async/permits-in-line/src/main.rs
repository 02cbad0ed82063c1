//! One permit, and two who wait for it. Whoever gives it back, and wants it
//! again at once, has to stand in line behind them.

use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::yield_now;

async fn enter(who: &str, door: Arc<Semaphore>) {
    println!("{who} comes");
    let _permit = door.acquire().await.unwrap();
    println!("{who} enters");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. Main is inside, and two are waiting
    let door = Arc::new(Semaphore::new(1));
    let permit = door.acquire().await.unwrap();
    let ann = tokio::spawn(enter("ann", Arc::clone(&door)));
    let bob = tokio::spawn(enter("bob", Arc::clone(&door)));
    yield_now().await;

    // 2. It gives the permit back: that goes to the first in line
    drop(permit);
    let is_free = door.try_acquire().is_ok();
    println!("nobody is inside: {}", if is_free { "yes" } else { "no" });

    // 3. It is the last in line now
    enter("main", Arc::clone(&door)).await;
    ann.await.unwrap();
    bob.await.unwrap();
}
