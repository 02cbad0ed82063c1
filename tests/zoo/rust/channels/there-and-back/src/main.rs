use std::sync::mpsc;
use std::thread;

fn main() {
    let (there, at_there) = mpsc::channel::<u32>();
    let (back, at_back) = mpsc::channel::<u32>();
    let echo = thread::spawn(move || {
        while let Ok(n) = at_there.recv() {
            if back.send(n + 1).is_err() {
                break;
            }
        }
    });
    let mut n = 0;
    let mut seen = Vec::new();
    while n < 6 {
        there.send(n + 1).unwrap();
        n = at_back.recv().unwrap();
        seen.push(n);
    }
    drop(there);
    echo.join().unwrap();
    println!("seen {seen:?}");
}
