use std::sync::{Arc, Mutex};
use std::thread;

const SEATS: usize = 4;

fn main() {
    let forks: Arc<Vec<_>> = Arc::new((0..SEATS).map(|_| Mutex::new(0)).collect());
    let guests: Vec<_> = (0..SEATS)
        .map(|seat| {
            let forks = Arc::clone(&forks);
            let (left, right) = (seat, (seat + 1) % SEATS);
            let order = (left.min(right), left.max(right));
            thread::spawn(move || {
                let mut first = forks[order.0].lock().unwrap();
                let mut second = forks[order.1].lock().unwrap();
                *first += 1;
                *second += 1;
                println!("guest {seat} has eaten");
            })
        })
        .collect();
    for guest in guests {
        guest.join().unwrap();
    }
    let used: Vec<i32> = forks.iter().map(|fork| *fork.lock().unwrap()).collect();
    println!("forks used {used:?}");
}
