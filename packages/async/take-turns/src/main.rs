//! Three counters on one thread take turns: each `.await` may let the next
//! one go on. An async fn that is called has not begun.

use tokio::task::yield_now;

async fn count(who: &str) -> usize {
    for i in 0..3 {
        println!("{who} counts {i}");
        yield_now().await;
    }
    who.len()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. To call an async fn is only to make a future
    let (ann, bob, cho) = (count("ann"), count("bob"), count("cho"));
    println!("nobody has begun");

    // 2. Wait for all three together: they begin, and take turns
    let (ann, bob, cho) = tokio::join!(ann, bob, cho);
    println!("letters: {}", ann + bob + cho);
}
