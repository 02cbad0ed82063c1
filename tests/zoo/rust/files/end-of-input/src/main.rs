use std::io;
use std::sync::mpsc;
use std::thread;

fn main() {
    let (tx, rx) = mpsc::channel::<String>();
    let reader = thread::spawn(move || {
        let mut lines = 0;
        let mut line = String::new();
        while io::stdin().read_line(&mut line).unwrap() > 0 {
            lines += 1;
            tx.send(line.trim().to_string()).unwrap();
            line.clear();
        }
        lines
    });
    let sum: i32 = rx.iter().filter_map(|n| n.parse::<i32>().ok()).sum();
    println!("lines {}, sum {sum}", reader.join().unwrap());
}
