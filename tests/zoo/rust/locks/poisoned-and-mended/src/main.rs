use std::panic;
use std::sync::{Arc, Mutex};
use std::thread;

fn main() {
    panic::set_hook(Box::new(|_| {}));
    let stock = Arc::new(Mutex::new(vec![1, 2]));
    let clumsy = Arc::clone(&stock);
    let result = thread::spawn(move || {
        let mut stock = clumsy.lock().unwrap();
        stock.push(3);
        panic!("dropped it");
    })
    .join();
    println!("panicked: {}", result.is_err());
    println!("poisoned: {}", stock.is_poisoned());
    let mut held = stock.lock().unwrap_or_else(|error| error.into_inner());
    held.push(4);
    println!("holds {held:?}");
}
