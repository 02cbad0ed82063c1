use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;

fn main() {
    panic::set_hook(Box::new(|info| {
        let name = thread::current().name().map(str::to_owned);
        let line = info.location().is_some();
        println!(
            "hook in {} knows the line: {line}",
            name.unwrap_or_default()
        );
    }));
    let good = AtomicU32::new(0);
    let bad = AtomicU32::new(0);
    let (tx, rx) = mpsc::channel::<u32>();
    thread::scope(|s| {
        let worker = thread::Builder::new().name("worker".into());
        let run = || {
            for n in rx {
                let job = AssertUnwindSafe(|| 12 / n);
                match panic::catch_unwind(job) {
                    Ok(_) => good.fetch_add(1, Ordering::SeqCst),
                    Err(_) => bad.fetch_add(1, Ordering::SeqCst),
                };
            }
        };
        worker.spawn_scoped(s, run).unwrap();
        for n in [4, 3, 0, 2, 1] {
            tx.send(n).unwrap();
        }
        drop(tx);
    });
    println!("good {} bad {}", good.into_inner(), bad.into_inner());
}
