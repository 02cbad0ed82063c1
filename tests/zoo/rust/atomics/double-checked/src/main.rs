use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Mutex;
use std::thread;

static LOADED: AtomicBool = AtomicBool::new(false);
static CONFIG: Mutex<String> = Mutex::new(String::new());
static LOADS: AtomicU32 = AtomicU32::new(0);

fn config() -> String {
    if !LOADED.load(Ordering::Acquire) {
        let mut config = CONFIG.lock().unwrap();
        if !LOADED.load(Ordering::Relaxed) {
            LOADS.fetch_add(1, Ordering::Relaxed);
            config.push_str("blue");
            LOADED.store(true, Ordering::Release);
        }
    }
    CONFIG.lock().unwrap().clone()
}

fn main() {
    let asked = [(); 3].map(|()| thread::spawn(config));
    let texts = asked.map(|asked| asked.join().unwrap());
    println!(
        "{} after {}",
        texts.join(" "),
        LOADS.load(Ordering::Relaxed)
    );
}
