use std::sync::{mpsc, Arc, RwLock};
use std::thread;

fn main() {
    let page = Arc::new(RwLock::new(String::from("draft")));
    let (inside, is_inside) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let reader = {
        let page = Arc::clone(&page);
        thread::spawn(move || {
            let text = page.read().unwrap();
            inside.send(text.len()).unwrap();
            may_leave.recv().unwrap_err();
        })
    };
    println!("letters {}", is_inside.recv().unwrap());
    println!("read too: {}", page.try_read().is_ok());
    println!("write: {}", page.try_write().is_ok());
    drop(leave);
    reader.join().unwrap();
    println!("write later: {}", page.try_write().is_ok());
}
