//! One limit within another, and both are over in the same moment. The inner
//! one is looked at first, and it alone tells of it.

use std::future::pending;
use std::time::Duration;
use tokio::time::{timeout_at, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. The same deadline for both
    let deadline = Instant::now() + Duration::from_millis(10);
    let inner = timeout_at(deadline, pending::<()>());
    let outer = timeout_at(deadline, async {
        if inner.await.is_err() {
            println!("the inner limit tells of it");
        }

        // 2. What is done instead
        println!("the outer block goes on");
    });
    if outer.await.is_err() {
        println!("the outer limit tells of it");
    }

    // 3. Both are over all the same
    if Instant::now() >= deadline {
        println!("both are over");
    }
}
