use std::sync::RwLock;
use std::thread;

fn main() {
    let pair = RwLock::new((0, 0));
    let torn = thread::scope(|s| {
        s.spawn(|| {
            for n in 1..=4 {
                let mut pair = pair.write().unwrap();
                pair.0 = n;
                pair.1 = -n;
            }
        });
        let look = || {
            let mut torn = 0;
            for _ in 0..4 {
                let seen = *pair.read().unwrap();
                torn += u32::from(seen.0 + seen.1 != 0);
            }
            torn
        };
        let readers = [s.spawn(look), s.spawn(look)];
        readers.map(|r| r.join().unwrap()).iter().sum::<u32>()
    });
    println!("torn {torn}, in the end {:?}", pair.into_inner().unwrap());
}
