use std::sync::{Arc, RwLock};
use std::thread;

struct Settings {
    low: u32,
    high: u32,
}

fn main() {
    let first = Settings { low: 0, high: 10 };
    let current = RwLock::new(Arc::new(first));
    let wrong = thread::scope(|s| {
        s.spawn(|| {
            for n in 1..=3 {
                let next = Settings {
                    low: 10 * n,
                    high: 10 * n + 10,
                };
                *current.write().unwrap() = Arc::new(next);
            }
        });
        let readers = [(); 2].map(|()| {
            s.spawn(|| {
                let mut wrong = 0;
                for _ in 0..3 {
                    let settings = Arc::clone(&current.read().unwrap());
                    wrong += usize::from(settings.high - settings.low != 10);
                }
                wrong
            })
        });
        readers.map(|r| r.join().unwrap()).iter().sum::<usize>()
    });
    println!(
        "wrong {wrong}, at last from {}",
        current.read().unwrap().low
    );
}
