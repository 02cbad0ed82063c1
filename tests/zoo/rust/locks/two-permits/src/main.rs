use std::sync::{Condvar, Mutex};
use std::thread;

struct Semaphore(Mutex<u32>, Condvar);

struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    fn acquire(&self) -> Permit<'_> {
        let mut free = self.0.lock().unwrap();
        while *free == 0 {
            free = self.1.wait(free).unwrap();
        }
        *free -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0 .0.lock().unwrap() += 1;
        self.0 .1.notify_one();
    }
}

fn main() {
    let gate = Semaphore(Mutex::new(2), Condvar::new());
    thread::scope(|s| {
        for car in 1..=4 {
            let gate = &gate;
            s.spawn(move || {
                let _permit = gate.acquire();
                println!("car {car} parks");
                thread::yield_now();
                println!("car {car} leaves");
            });
        }
    });
}
