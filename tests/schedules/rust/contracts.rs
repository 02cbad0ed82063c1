//! What the contracts of the standard library allow: waits and weak exchanges that end for nothing;
//! and threads that wait for each other beside one that goes on.

use std::env;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicU8, Ordering::SeqCst};
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, RwLock};
use std::thread;
use std::time::Duration;

// --- waits -----------------------------------------------------------------------------------

fn wait(looping: bool) {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let theirs = Arc::clone(&pair);
    let (ready, told) = &*pair;
    let mut guard = ready.lock().unwrap();
    let other = thread::spawn(move || {
        *theirs.0.lock().unwrap() = true;
        theirs.1.notify_one();
    });
    guard = told.wait(guard).unwrap();
    while looping && !*guard {
        guard = told.wait(guard).unwrap();
    }
    println!("{}", *guard);
    drop(guard);
    other.join().unwrap();
}

fn park(looping: bool) {
    static READY: AtomicBool = AtomicBool::new(false);
    let parked = thread::spawn(move || {
        thread::park();
        while looping && !READY.load(SeqCst) {
            thread::park();
        }
        println!("{}", READY.load(SeqCst));
    });
    READY.store(true, SeqCst);
    parked.thread().unpark();
    parked.join().unwrap();
}

/// Nobody ever says so, and each of the two that wait looks again.
fn never() {
    static PAIR: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut ready = PAIR.0.lock().unwrap();
                while !*ready {
                    ready = PAIR.1.wait(ready).unwrap();
                }
            });
        }
    });
}

/// Two of five have a permit; the others look again and again whether there is one.
fn permits() {
    static PAIR: (Mutex<i32>, Condvar) = (Mutex::new(2), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let mut left = PAIR.0.lock().unwrap();
                while *left == 0 {
                    left = PAIR.1.wait(left).unwrap();
                }
                *left -= 1;
                drop(left);
                thread::yield_now();
                *PAIR.0.lock().unwrap() += 1;
                PAIR.1.notify_one();
            });
        }
    });
    println!("{}", PAIR.0.lock().unwrap());
}

/// What the library itself waits for promises no such thing.
fn library() {
    let (sender, receiver) = mpsc::channel();
    let (barrier, shared) = (&Barrier::new(2), &RwLock::new(0));
    thread::scope(|scope| {
        scope.spawn(move || {
            barrier.wait();
            *shared.write().unwrap() += 1;
            sender.send(*shared.read().unwrap()).unwrap();
        });
        barrier.wait();
        println!("{}", receiver.recv().unwrap() > 0);
    });
}

// --- exchanges -------------------------------------------------------------------------------

static FLAG: AtomicBool = AtomicBool::new(false);
static BYTE: AtomicU8 = AtomicU8::new(7);
static WORD: AtomicU32 = AtomicU32::new(40);
static LONG: AtomicU64 = AtomicU64::new(1 << 40);

/// What a failed exchange found, for each size.
fn exchange() {
    let other = thread::spawn(|| {
        let flag = FLAG.compare_exchange_weak(false, true, SeqCst, SeqCst);
        let byte = BYTE.compare_exchange_weak(7, 8, SeqCst, SeqCst);
        let word = WORD.compare_exchange_weak(40, 41, SeqCst, SeqCst);
        let long = LONG.compare_exchange_weak(1 << 40, 0, SeqCst, SeqCst);
        println!("{flag:?} {byte:?} {word:?} {long:?}");
    });
    other.join().unwrap();
}

fn update() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                WORD.fetch_update(SeqCst, SeqCst, |value| Some(value + 1))
                    .unwrap()
            });
            scope.spawn(|| {
                let mut known = LONG.load(SeqCst);
                while let Err(found) = LONG.compare_exchange_weak(known, known + 1, SeqCst, SeqCst)
                {
                    assert!(found >= 1 << 40, "{found} was never there");
                    known = found;
                }
            });
            scope.spawn(|| {
                while BYTE.compare_exchange(7, 7, SeqCst, SeqCst).is_err() {
                    panic!("a strong exchange does not fail for nothing");
                }
            });
        }
    });
    println!("{} {}", WORD.load(SeqCst), LONG.load(SeqCst) - (1 << 40));
}

// --- rings -----------------------------------------------------------------------------------

fn clock(done: Arc<AtomicBool>) {
    while !done.load(SeqCst) {
        thread::sleep(Duration::from_millis(100));
    }
}

fn beside_a_clock(work: impl FnOnce()) {
    let done = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&done);
    let ticking = thread::spawn(move || clock(theirs));
    work();
    done.store(true, SeqCst);
    ticking.join().unwrap();
    println!("done");
}

fn clerk(first: &Mutex<()>, second: &Mutex<()>) {
    let _first = first.lock().unwrap();
    let _second = second.lock().unwrap();
}

fn ring(length: usize, ordered: bool) {
    let stamps: Arc<Vec<Mutex<()>>> = Arc::new((0..length).map(|_| Mutex::new(())).collect());
    let clerks: Vec<_> = (0..length)
        .map(|i| {
            let theirs = Arc::clone(&stamps);
            let (one, other) = (i, (i + 1) % length);
            let swap = ordered && other < one;
            let (one, other) = if swap { (other, one) } else { (one, other) };
            thread::spawn(move || clerk(&theirs[one], &theirs[other]))
        })
        .collect();
    for clerk in clerks {
        clerk.join().unwrap();
    }
}

/// Main holds the lock that the one needs whose end it waits for.
fn joined_with_a_lock() {
    static LOCK: Mutex<i32> = Mutex::new(0);
    let held = LOCK.lock().unwrap();
    thread::spawn(|| *LOCK.lock().unwrap() += 1).join().unwrap();
    drop(held);
}

/// A lock that many fight for, a wait that gives it up, and a try that comes in between: no ring.
fn busy_locks() {
    let shared = Arc::new((Mutex::new(0), Condvar::new(), Mutex::new(0)));
    let workers: Vec<_> = (0..3)
        .map(|i| {
            let theirs = Arc::clone(&shared);
            thread::spawn(move || {
                let (count, changed, other) = &*theirs;
                for _ in 0..3 {
                    let mut guard = count.lock().unwrap();
                    *guard += 1;
                    changed.notify_all();
                    while i == 0 && *guard < 5 {
                        guard = changed.wait(guard).unwrap();
                    }
                    drop(guard);
                    if let Ok(mut value) = other.try_lock() {
                        *value += 1;
                    }
                    *other.lock().unwrap() += 1;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
}

/// Two wait until three parts are there; each delivery wakes both, and is under the lock.
fn deliveries() {
    let store = Arc::new((Mutex::new(0), Condvar::new()));
    let fitters: Vec<_> = (0..2)
        .map(|_| {
            let theirs = Arc::clone(&store);
            thread::spawn(move || {
                println!("comes");
                let parts = theirs.0.lock().unwrap();
                let parts = theirs.1.wait_while(parts, |parts| *parts < 3).unwrap();
                println!("starts with {parts}");
            })
        })
        .collect();
    for _ in 0..3 {
        *store.0.lock().unwrap() += 1;
        println!("delivered");
        store.1.notify_all();
    }
    for fitter in fitters {
        fitter.join().unwrap();
    }
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "wait-once" => wait(false),
        "wait" => wait(true),
        "park-once" => park(false),
        "park" => park(true),
        "never" => never(),
        "permits" => permits(),
        "library" => library(),
        "exchange" => exchange(),
        "update" => update(),
        "ring-2" => beside_a_clock(|| ring(2, false)),
        "ring-3" => beside_a_clock(|| ring(3, false)),
        "ordered" => beside_a_clock(|| ring(3, true)),
        "joined-with-a-lock" => beside_a_clock(joined_with_a_lock),
        "deliveries" => beside_a_clock(deliveries),
        "busy-locks" => beside_a_clock(busy_locks),
        other => panic!("no contract {other}"),
    }
}
