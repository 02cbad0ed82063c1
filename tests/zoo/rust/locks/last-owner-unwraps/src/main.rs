use std::sync::{Arc, Mutex};
use std::thread;

fn main() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut writers = Vec::new();
    for n in 0..3 {
        let log = Arc::clone(&log);
        writers.push(thread::spawn(move || log.lock().unwrap().push(n)));
    }
    for writer in writers {
        writer.join().unwrap();
    }
    match Arc::try_unwrap(log) {
        Ok(mutex) => {
            let mut entries = mutex.into_inner().unwrap();
            entries.sort_unstable();
            println!("mine: {entries:?}");
        }
        Err(shared) => println!("shared by {}", Arc::strong_count(&shared) > 1),
    }
}
