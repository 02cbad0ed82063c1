//! Planted bugs: the argument names one.  Each prints "good" in the runs that do not show it.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

const ROUNDS: u32 = 4;

static READY: AtomicU32 = AtomicU32::new(0);
static TOTAL: AtomicU32 = AtomicU32::new(0);
static mut PLAIN: u32 = 0;

fn report(good: bool) {
    println!("{}", if good { "good" } else { "bad" });
}

/// Does `work` a few times in each of two threads at once.
fn twice(work: fn()) {
    let rounds = move || (0..ROUNDS).for_each(|_| work());
    let workers = [thread::spawn(rounds), thread::spawn(rounds)];
    for worker in workers {
        worker.join().unwrap();
    }
}

fn lost_update() {
    twice(|| {
        let seen = TOTAL.load(Ordering::SeqCst);
        TOTAL.store(seen + 1, Ordering::SeqCst);
    });
    report(TOTAL.load(Ordering::SeqCst) == 2 * ROUNDS);
}

fn lock_released_early() {
    static TOTAL: Mutex<u32> = Mutex::new(0);
    twice(|| {
        let seen = *TOTAL.lock().unwrap();
        *TOTAL.lock().unwrap() = seen + 1;
    });
    report(*TOTAL.lock().unwrap() == 2 * ROUNDS);
}

fn data_race() {
    twice(|| unsafe { PLAIN += 1 });
    report(unsafe { PLAIN == 2 * ROUNDS });
}

/// A ring of locks: each thread takes its own, then its neighbour's.
fn deadlock(size: usize) {
    let locks: Arc<Vec<Mutex<()>>> = Arc::new((0..size).map(|_| Mutex::new(())).collect());
    let philosophers: Vec<_> = (0..size)
        .map(|i| {
            let locks = Arc::clone(&locks);
            thread::spawn(move || {
                let _own = locks[i].lock().unwrap();
                let _next = locks[(i + 1) % size].lock().unwrap();
            })
        })
        .collect();
    for philosopher in philosophers {
        philosopher.join().unwrap();
    }
    report(true);
}

fn missed_notification() {
    let pair = Arc::new((Mutex::new(()), Condvar::new()));
    let theirs = Arc::clone(&pair);
    let waiter = thread::spawn(move || {
        let guard = theirs.0.lock().unwrap();
        drop(theirs.1.wait(guard).unwrap());
    });
    pair.1.notify_one();
    waiter.join().unwrap();
    report(true);
}

fn missing_join() {
    thread::spawn(|| READY.store(1, Ordering::SeqCst));
    report(READY.load(Ordering::SeqCst) == 1);
}

/// The announcement is made before what it announces.
fn late_store() {
    let worker = thread::spawn(|| {
        READY.store(1, Ordering::SeqCst);
        println!("stored");
    });
    if READY.load(Ordering::SeqCst) == 1 {
        println!("seen");
    }
    worker.join().unwrap();
}

fn sleep_as_synchronisation() {
    let worker = thread::spawn(|| READY.store(1, Ordering::SeqCst));
    thread::sleep(Duration::from_millis(50));
    report(READY.load(Ordering::SeqCst) == 1);
    worker.join().unwrap();
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "lost-update" => lost_update(),
        "lock-released-early" => lock_released_early(),
        "data-race" => data_race(),
        "deadlock-2" => deadlock(2),
        "deadlock-3" => deadlock(3),
        "missed-notification" => missed_notification(),
        "missing-join" => missing_join(),
        "late-store" => late_store(),
        "sleep-as-synchronisation" => sleep_as_synchronisation(),
        other => panic!("no bug {other}"),
    }
}
