use std::sync::{Arc, Condvar, Mutex};
use std::thread;

struct Latch {
    left: Mutex<usize>,
    zero: Condvar,
}

impl Latch {
    fn count_down(&self) {
        let mut left = self.left.lock().unwrap();
        *left -= 1;
        if *left == 0 {
            self.zero.notify_all();
        }
    }

    fn wait(&self) {
        let left = self.left.lock().unwrap();
        drop(self.zero.wait_while(left, |left| *left > 0).unwrap());
    }
}

fn main() {
    let latch = Arc::new(Latch {
        left: Mutex::new(3),
        zero: Condvar::new(),
    });
    for part in ["engine", "wheels", "doors"] {
        let latch = Arc::clone(&latch);
        thread::spawn(move || {
            println!("{part} ready");
            latch.count_down();
        });
    }
    latch.wait();
    println!("driving off");
}
