use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const SEATS: usize = 4;

fn main() {
    let left = AtomicUsize::new(SEATS);
    let take = || {
        let taken = left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| n.checked_sub(1));
        usize::from(taken.is_ok())
    };
    let seated: usize = thread::scope(|s| {
        let desks = [(); 3].map(|()| s.spawn(|| take() + take()));
        desks.map(|desk| desk.join().unwrap()).iter().sum()
    });
    println!("seated {seated}, left {}", left.into_inner());
}
