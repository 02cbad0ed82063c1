use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static CLAIMED: AtomicBool = AtomicBool::new(false);

fn claim() -> bool {
    !CLAIMED.swap(true, Ordering::AcqRel)
}

fn main() {
    let heirs: Vec<_> = (0..4).map(|_| thread::spawn(claim)).collect();
    let lucky = heirs
        .into_iter()
        .map(|heir| heir.join().unwrap())
        .filter(|&got_it| got_it)
        .count();
    println!("{lucky} of 4 got it");
}
