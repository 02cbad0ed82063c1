use arc_swap::ArcSwap;
use std::sync::Arc;
use std::thread;

fn main() {
    let pair = ArcSwap::from_pointee((0, 0));
    let torn = thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                for _ in 0..3 {
                    pair.rcu(|old| (old.0 + 1, old.1 - 1));
                }
            });
        }
        let reader = s.spawn(|| {
            (0..4)
                .filter(|_| pair.load().0 + pair.load_full().0 < 0)
                .count()
        });
        reader.join().unwrap()
    });
    let last: Arc<(i32, i32)> = pair.into_inner();
    println!("torn {torn}, last {last:?}");
}
