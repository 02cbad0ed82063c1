//! Whoever cannot wait for ever calls `recv_timeout`.
//!
//! Its error says which it is: the time is up, or the last sender is gone,
//! and then there is nothing to wait for.

use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_millis(10);

// 1. Wait for a while: is there any news by then?
fn look(day: &str, news: &Receiver<&str>) -> bool {
    match news.recv_timeout(PATIENCE) {
        Ok(text) => {
            println!("{day}: {text}");
            return true;
        }
        Err(Timeout) => println!("{day}: no news yet"),
        Err(Disconnected) => println!("{day}: no more news"),
    }
    false
}

fn main() {
    // 2. Nobody has sent any: the time runs out
    let (sender, news) = mpsc::channel();
    look("monday", &news);

    // 3. Look until the reporter has sent some
    let reporter = thread::spawn(move || sender.send("it rains").unwrap());
    while !look("tuesday", &news) {}

    // 4. The reporter has gone home, and the channel knows
    reporter.join().unwrap();
    look("wednesday", &news);
}
