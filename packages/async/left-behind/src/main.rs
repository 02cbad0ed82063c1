//! Main starts a task, does not wait for it, and ends. The runtime drops
//! that task as it is: it never gets a turn.

use std::future::pending;
use tokio::runtime::Builder;

struct Stop;

impl Drop for Stop {
    fn drop(&mut self) {
        println!("work is stopped");
    }
}

async fn work() {
    let _stop = Stop;
    println!("work begins");
    pending().await
}

async fn main_task() {
    // 1. Start a task, and go without it
    let task = tokio::spawn(work());
    let done = if task.is_finished() { "yes" } else { "no" };
    println!("main ends, the task is done: {done}");
}

fn main() {
    // 2. Leaving the runtime drops what is left in it
    let runtime = Builder::new_current_thread().build();
    runtime.unwrap().block_on(main_task());
    println!("the loop is left");
}
