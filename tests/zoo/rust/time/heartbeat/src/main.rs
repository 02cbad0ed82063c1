use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

fn main() {
    let (stop, stopped) = mpsc::channel::<()>();
    let (beat, beats) = mpsc::channel();
    let heart = thread::spawn(move || {
        for n in 0.. {
            let _ = beat.send(n);
            match stopped.recv_timeout(Duration::from_millis(1)) {
                Err(RecvTimeoutError::Timeout) => continue,
                _ => break,
            }
        }
    });
    let seen: Vec<u32> = beats.iter().take(4).collect();
    drop(stop);
    heart.join().unwrap();
    println!("seen {seen:?}, at rest");
}
