use std::sync::OnceLock;
use std::thread;

fn main() {
    let winner = OnceLock::new();
    let seen = thread::scope(|s| {
        let winner = &winner;
        let offers = [1, 2, 3].map(|n| s.spawn(move || *winner.get_or_init(|| n)));
        offers.map(|offer| offer.join().unwrap())
    });
    let agreed = seen.iter().all(|n| Some(n) == winner.get());
    println!("agreed: {agreed}, too late: {}", winner.set(9).is_err());
}
