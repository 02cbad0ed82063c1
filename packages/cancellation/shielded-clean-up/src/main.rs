//! A task that is told to end has something to do before it does, and that
//! has an `.await` in it. A token asks for the end; nothing is dropped.

use std::future::pending;
use tokio::task::{yield_now, JoinSet};
use tokio_util::sync::CancellationToken;

async fn write(line: &str) {
    yield_now().await;
    println!("written: {line}");
}

async fn keep_a_diary(end: CancellationToken) {
    write("dear diary").await;
    end.run_until_cancelled(pending::<()>()).await;

    // 2. What has to be awaited in spite of the cancellation
    write("good night").await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A task, which is told to end as it waits
    let end = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(keep_a_diary(end.clone()));
    yield_now().await;
    yield_now().await;
    println!("the task is told to end");
    end.cancel();

    // 3. The set is left when its task has cleaned up
    tasks.join_all().await;
    println!("the group is left");
}
