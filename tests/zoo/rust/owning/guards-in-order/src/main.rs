use std::sync::Mutex;
use std::thread;

struct Note<'a>(&'a str, &'a Mutex<Vec<String>>);

impl Drop for Note<'_> {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(format!("-{}", self.0));
    }
}

fn work(log: &Mutex<Vec<String>>) {
    let _outer = Note("outer", log);
    let inner = Note("inner", log);
    log.lock().unwrap().push("work".into());
    drop(inner);
    let _last = Note("last", log);
}

fn main() {
    let log = Mutex::new(Vec::new());
    thread::scope(|s| {
        s.spawn(|| work(&log)).join().unwrap();
        s.spawn(|| work(&log)).join().unwrap();
    });
    println!("{}", log.into_inner().unwrap().join(" "));
}
