//! Two answers are asked for, and the first one is taken. The one that is
//! late is dropped where it waits: it never arrives.

use tokio::select;
use tokio::sync::Notify;
use tokio::task::yield_now;

async fn ask<'a>(who: &'a str, ready: &Notify) -> &'a str {
    println!("{who} is asked");
    ready.notified().await;
    println!("{who} answers");
    who
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. Ask both; only one can answer so far
    let (early, late) = (Notify::new(), Notify::new());
    let fast = ask("fast", &early);
    let slow = ask("slow", &late);
    early.notify_one();

    // 2. Wait until one has answered
    let first = select! {
        biased;
        who = slow => who,
        who = fast => who,
    };
    println!("first: {first}");

    // 3. The other is gone: now it could answer, and there is nobody
    late.notify_one();
    yield_now().await;
    println!("main ends");
}
