use std::sync::mpsc::{self, Receiver};
use std::thread;

fn stage<F>(input: Receiver<u32>, work: F) -> Receiver<u32>
where
    F: Fn(u32) -> Option<u32> + Send + 'static,
{
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || {
        for n in input.iter().filter_map(work) {
            if tx.send(n).is_err() {
                break;
            }
        }
    });
    rx
}

fn main() {
    let (tx, numbers) = mpsc::channel();
    thread::spawn(move || (1..=10).try_for_each(|n| tx.send(n)));
    let odd = stage(numbers, |n| (n % 2 == 1).then_some(n));
    let squares = stage(odd, |n| Some(n * n));
    let small = stage(squares, |n| Some(n).filter(|&n| n < 50));
    println!("out {:?}", small.iter().collect::<Vec<_>>());
}
