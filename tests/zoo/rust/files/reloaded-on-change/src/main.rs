use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{mpsc, Arc};
use std::thread;
use std::time::{Duration, SystemTime};

fn main() {
    let path = std::env::temp_dir().join(format!("reloads-{}", std::process::id()));
    fs::write(&path, "first").unwrap();
    let (stop, (tx, rx)) = (Arc::new(AtomicBool::new(false)), mpsc::channel());
    let (stopped, watched) = (stop.clone(), path.clone());
    let watcher = thread::spawn(move || {
        let mut last = None;
        while !stopped.load(Ordering::SeqCst) {
            let now = fs::metadata(&watched).unwrap().modified().unwrap();
            if last != Some(now) {
                last = Some(now);
                tx.send(fs::read_to_string(&watched).unwrap()).unwrap();
            }
            thread::sleep(Duration::from_millis(50));
        }
    });
    let first = rx.recv().unwrap();
    thread::sleep(Duration::from_secs(1));
    let next = path.with_extension("new");
    fs::write(&next, "second").unwrap();
    fs::rename(&next, &path).unwrap();
    let second = rx.recv().unwrap();
    stop.store(true, Ordering::SeqCst);
    watcher.join().unwrap();
    println!("{first} {second}");
    let age = SystemTime::now().duration_since(fs::metadata(&path).unwrap().modified().unwrap());
    println!(
        "age ok {}",
        age.map_or(false, |a| a < Duration::from_secs(60))
    );
    fs::remove_file(&path).unwrap();
}
