//! The same by `abort`: the future is dropped where it waits. `drop` runs, and
//! it cannot await, so what it would have to write stays unwritten.

use std::future::pending;
use tokio::task::{yield_now, JoinSet};

async fn write(line: &str) {
    yield_now().await;
    println!("written: {line}");
}

struct Diary;

impl Drop for Diary {
    fn drop(&mut self) {
        // 2. A future that nobody awaits does nothing
        println!("the clean-up begins");
        drop(write("good night"));
    }
}

async fn keep_a_diary() {
    let _diary = Diary;
    write("dear diary").await;
    pending().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // 1. A task, which is aborted as it waits
    let mut tasks = JoinSet::new();
    tasks.spawn(keep_a_diary());
    yield_now().await;
    yield_now().await;
    println!("the task is told to end");

    // 3. The set is left when its task has ended
    tasks.shutdown().await;
    println!("the group is left");
}
