use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

fn describe(result: Result<u8, RecvTimeoutError>) -> String {
    match result {
        Ok(n) => format!("got {n}"),
        Err(RecvTimeoutError::Timeout) => "timed out".into(),
        Err(RecvTimeoutError::Disconnected) => "disconnected".into(),
    }
}

fn main() {
    let (tx, rx) = mpsc::channel();
    let (short, long) = (Duration::from_millis(10), Duration::from_secs(3600));
    let start = Instant::now();
    println!("{}", describe(rx.recv_timeout(short)));
    assert!(start.elapsed() >= short);
    tx.send(5).unwrap();
    println!("{}", describe(rx.recv_timeout(long)));
    drop(tx);
    println!("{}", describe(rx.recv_timeout(long)));
}
