use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

static NEXT: AtomicUsize = AtomicUsize::new(1);

fn draw() -> Vec<usize> {
    (0..3)
        .map(|_| NEXT.fetch_add(1, Ordering::Relaxed))
        .collect()
}

fn main() {
    let clerks = [thread::spawn(draw), thread::spawn(draw)];
    let mut tickets: Vec<usize> = clerks
        .into_iter()
        .flat_map(|clerk| clerk.join().unwrap())
        .collect();
    tickets.sort();
    println!("tickets {tickets:?}");
}
