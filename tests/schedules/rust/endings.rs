//! The ways in which a process ends: the argument names one.

use std::env;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

extern "C" {
    fn _exit(code: i32) -> !;
}

fn spin_for_ever() {
    static NEVER: AtomicBool = AtomicBool::new(false);
    while !NEVER.load(Ordering::SeqCst) {}
}

fn lock_twice() {
    let mutex = Mutex::new(());
    let _first = mutex.lock().unwrap();
    let _second = mutex.lock().unwrap();
}

fn main() {
    let ending = env::args().nth(1).unwrap();
    let sleeper = thread::spawn(|| {
        thread::sleep(Duration::from_secs(3600));
        println!("slept");
    });
    println!("begun");
    match ending.as_str() {
        "return" => {}
        "exit" => process::exit(3),
        "exit-elsewhere" => {
            let _ = thread::spawn(|| process::exit(4)).join();
        }
        "underscore-exit" => unsafe { _exit(5) },
        "abort" => process::abort(),
        "panic" => panic!("on purpose"),
        "join" => sleeper.join().unwrap(),
        "spin" => {
            sleeper.join().unwrap();
            thread::spawn(thread::park);
            spin_for_ever();
        }
        "deadlock" => {
            sleeper.join().unwrap();
            thread::spawn(|| {
                lock_twice();
            })
            .join()
            .unwrap();
        }
        other => panic!("no ending {other}"),
    }
}
