use futures::channel::{mpsc, oneshot};
use futures::executor::block_on;
use futures::stream::{self, StreamExt};
use std::thread;

fn main() {
    let (ones, from_ones) = mpsc::unbounded();
    let (tens, from_tens) = mpsc::unbounded();
    let (word, spoken) = oneshot::channel();
    thread::spawn(move || (1..=3).for_each(|n| ones.unbounded_send(n).unwrap()));
    thread::spawn(move || {
        (1..=3).for_each(|n| tens.unbounded_send(10 * n).unwrap());
        word.send("done").unwrap();
    });
    let sum = stream::select(from_ones, from_tens).fold(0, |sum, n| async move { sum + n });
    let (sum, spoken) = block_on(futures::future::join(sum, spoken));
    println!("sum {sum}, word {}", spoken.unwrap());
}
