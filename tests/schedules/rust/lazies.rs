//! Values that are made when they are first asked for, by three threads at once: once each.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::thread;

static CALLS: AtomicU32 = AtomicU32::new(0);
static CELL: OnceLock<u32> = OnceLock::new();
static LAZY: LazyLock<u32> = LazyLock::new(|| CALLS.fetch_add(1, Ordering::SeqCst));

fn main() {
    thread::scope(|scope| {
        for i in 0..3 {
            scope.spawn(move || {
                CELL.get_or_init(|| i);
                assert_eq!(0, *LAZY);
            });
        }
    });
    println!("{} {}", CELL.get().is_some(), CALLS.load(Ordering::SeqCst));
}
