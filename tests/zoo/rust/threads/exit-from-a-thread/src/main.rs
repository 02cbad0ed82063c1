use std::io::{self, Write};
use std::process;
use std::sync::mpsc;
use std::thread;

fn main() {
    let (tx, rx) = mpsc::channel::<()>();
    thread::spawn(move || {
        let _keep = tx;
        print!("ending with 3");
        println!();
        io::stdout().flush().unwrap();
        process::exit(3);
    });
    let got = rx.recv();
    println!("main goes on: {}", got.is_ok());
}
