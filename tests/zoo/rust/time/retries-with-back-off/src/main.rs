use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

static CALLS: AtomicU32 = AtomicU32::new(0);

fn flaky() -> Result<&'static str, u32> {
    match CALLS.fetch_add(1, Ordering::Relaxed) {
        n if n < 3 => Err(503),
        _ => Ok("page"),
    }
}

fn main() {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    let page = loop {
        match flaky() {
            Ok(page) => break page,
            Err(code) => println!("failed with {code}, next in {pause:?}"),
        }
        thread::sleep(pause);
        pause *= 2;
    };
    let waited = start.elapsed() >= Duration::from_millis(1 + 2 + 4);
    println!("{page} after {} calls", CALLS.load(Ordering::Relaxed));
    println!("waited in between: {waited}");
}
