use std::sync::mpsc;
use std::thread;

fn main() {
    let (tx, rx) = mpsc::sync_channel::<String>(1);
    let listener = thread::spawn(move || rx.recv().unwrap());
    tx.send("first".to_string()).unwrap();
    println!("heard {}", listener.join().unwrap());
    match tx.send("second".to_string()) {
        Ok(()) => println!("lost"),
        Err(error) => println!("back again: {}", error.0),
    }
}
