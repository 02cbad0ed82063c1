use parking_lot::{RwLock, RwLockUpgradableReadGuard};
use std::thread;

fn main() {
    let stock = RwLock::new(3);
    let buy = || {
        let stock = stock.upgradable_read();
        if *stock == 0 {
            return 0;
        }
        let mut stock = RwLockUpgradableReadGuard::upgrade(stock);
        *stock -= 1;
        1
    };
    let sold = thread::scope(|s| {
        let buyers = [(); 3].map(|()| s.spawn(|| buy() + buy()));
        s.spawn(|| assert!(*stock.read() <= 3));
        buyers.map(|b| b.join().unwrap()).iter().sum::<i32>()
    });
    println!("sold {sold}, left {}", *stock.read());
}
