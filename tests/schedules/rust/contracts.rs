//! What the contracts of the standard library allow: waits and weak exchanges that end for nothing;
//! and threads that wait for each other beside one that goes on.

use std::cell::UnsafeCell;
use std::env;
use std::os::raw::c_int;
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

// --- rings of other locks ----------------------------------------------------------------------

fn both(one: impl Fn() + Send + 'static, other: impl Fn() + Send + 'static) {
    let threads = [
        thread::Builder::new().spawn(one).unwrap(),
        thread::Builder::new().spawn(other).unwrap(),
    ];
    for thread in threads {
        thread.join().unwrap();
    }
}

static LEFT: RwLock<u32> = RwLock::new(0);
static RIGHT: RwLock<u32> = RwLock::new(0);
static PLAIN: Mutex<u32> = Mutex::new(0);

fn written() {
    both(
        || *LEFT.write().unwrap() += *RIGHT.write().unwrap(),
        || *RIGHT.write().unwrap() += *LEFT.write().unwrap(),
    );
}

/// Each reads one and wants to write the other; a third that reads, too, and goes on, is no help.
fn read() {
    let reading = thread::spawn(|| {
        for _ in 0..3 {
            let _seen = *LEFT.read().unwrap() + *RIGHT.read().unwrap();
        }
    });
    both(
        || {
            let seen = LEFT.read().unwrap();
            *RIGHT.write().unwrap() += *seen;
        },
        || {
            let seen = RIGHT.read().unwrap();
            *LEFT.write().unwrap() += *seen;
        },
    );
    reading.join().unwrap();
}

/// Who reads a second time waits behind the writer, and the writer for the first time.
fn read_twice() {
    both(
        || {
            let once = LEFT.read().unwrap();
            let twice = LEFT.read().unwrap();
            assert_eq!(*once, *twice);
        },
        || *LEFT.write().unwrap() += 1,
    );
}

fn mixed() {
    both(
        || *LEFT.write().unwrap() += *PLAIN.lock().unwrap(),
        || *PLAIN.lock().unwrap() += *LEFT.read().unwrap(),
    );
}

/// All kinds of use, in one order, with tries and with locks had twice where nobody writes.
fn rwlocks_in_order() {
    let threads: Vec<_> = (0..3)
        .map(|i| {
            thread::spawn(move || {
                for _ in 0..2 {
                    {
                        let mut left = LEFT.write().unwrap();
                        *left += *RIGHT.read().unwrap();
                    }
                    {
                        let left = LEFT.read().unwrap();
                        if let Ok(mut right) = RIGHT.try_write() {
                            *right += *left;
                        }
                        let again = LEFT.try_read().map(|left| *left).unwrap_or(*left);
                        assert_eq!(*left, again);
                    }
                    if i == 0 {
                        *RIGHT.write().unwrap() += 1;
                    }
                    let _plain = PLAIN.lock().unwrap();
                    let _seen = *LEFT.read().unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

// --- the C library's -----------------------------------------------------------------------------

/// As large as any of them, and zeroed, as their initialisers are.
#[repr(align(16))]
struct Foreign(UnsafeCell<[u64; 8]>);
unsafe impl Sync for Foreign {}

impl Foreign {
    const fn new() -> Self {
        Foreign(UnsafeCell::new([0; 8]))
    }
}

static FOREIGN: [Foreign; 2] = [Foreign::new(), Foreign::new()];

extern "C" {
    fn pthread_mutex_lock(mutex: *mut [u64; 8]) -> c_int;
    fn pthread_mutex_unlock(mutex: *mut [u64; 8]) -> c_int;
    fn pthread_rwlock_rdlock(lock: *mut [u64; 8]) -> c_int;
    fn pthread_rwlock_wrlock(lock: *mut [u64; 8]) -> c_int;
    fn pthread_rwlock_tryrdlock(lock: *mut [u64; 8]) -> c_int;
    fn pthread_rwlock_trywrlock(lock: *mut [u64; 8]) -> c_int;
    fn pthread_rwlock_unlock(lock: *mut [u64; 8]) -> c_int;
    fn pthread_once(control: *mut [u64; 8], function: extern "C" fn()) -> c_int;
}

type Call = unsafe extern "C" fn(*mut [u64; 8]) -> c_int;

fn foreign(call: Call, which: usize) {
    assert_eq!(0, unsafe { call(FOREIGN[which].0.get()) });
}

fn foreign_pair(first: Call, second: Call, unlock: Call, order: [[usize; 2]; 2]) {
    let work = move |order: [usize; 2]| {
        foreign(first, order[0]);
        foreign(second, order[1]);
        foreign(unlock, order[1]);
        foreign(unlock, order[0]);
    };
    both(move || work(order[0]), move || work(order[1]));
}

const CROSSED: [[usize; 2]; 2] = [[0, 1], [1, 0]];
const STRAIGHT: [[usize; 2]; 2] = [[0, 1], [0, 1]];

fn foreign_tries() {
    let work = || {
        for _ in 0..3 {
            foreign(pthread_rwlock_rdlock, 0);
            if 0 == unsafe { pthread_rwlock_tryrdlock(FOREIGN[0].0.get()) } {
                foreign(pthread_rwlock_unlock, 0);
            }
            if 0 == unsafe { pthread_rwlock_trywrlock(FOREIGN[1].0.get()) } {
                foreign(pthread_rwlock_unlock, 1);
            }
            foreign(pthread_rwlock_unlock, 0);
            foreign(pthread_rwlock_wrlock, 0);
            foreign(pthread_rwlock_rdlock, 1);
            foreign(pthread_rwlock_unlock, 1);
            foreign(pthread_rwlock_unlock, 0);
        }
    };
    both(work, work);
}

static ONCE: Foreign = Foreign::new();
static TURNS: AtomicU32 = AtomicU32::new(0);

extern "C" fn take_turn() {
    let _plain = PLAIN.lock().unwrap();
    assert_eq!(0, TURNS.fetch_add(1, SeqCst));
}

extern "C" fn once_more() {
    once(once_more);
}

fn once(function: extern "C" fn()) {
    assert_eq!(0, unsafe { pthread_once(ONCE.0.get(), function) });
}

/// The function wants the lock that somebody has who waits for it to be done.
fn once_with_a_lock() {
    both(
        || once(take_turn),
        || {
            let _plain = PLAIN.lock().unwrap();
            once(take_turn);
        },
    );
}

fn onces() {
    both(|| once(take_turn), || once(take_turn));
    once(take_turn);
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
        "written" => beside_a_clock(written),
        "read" => beside_a_clock(read),
        "read-twice" => beside_a_clock(read_twice),
        "mixed" => beside_a_clock(mixed),
        "rwlocks-in-order" => beside_a_clock(rwlocks_in_order),
        "foreign-mutexes" => beside_a_clock(|| {
            foreign_pair(
                pthread_mutex_lock,
                pthread_mutex_lock,
                pthread_mutex_unlock,
                CROSSED,
            )
        }),
        "foreign-mutexes-in-order" => beside_a_clock(|| {
            foreign_pair(
                pthread_mutex_lock,
                pthread_mutex_lock,
                pthread_mutex_unlock,
                STRAIGHT,
            )
        }),
        "foreign-rwlocks" => beside_a_clock(|| {
            foreign_pair(
                pthread_rwlock_rdlock,
                pthread_rwlock_wrlock,
                pthread_rwlock_unlock,
                CROSSED,
            )
        }),
        "foreign-writers" => beside_a_clock(|| {
            foreign_pair(
                pthread_rwlock_wrlock,
                pthread_rwlock_rdlock,
                pthread_rwlock_unlock,
                CROSSED,
            )
        }),
        "foreign-rwlocks-in-order" => beside_a_clock(|| {
            foreign_pair(
                pthread_rwlock_rdlock,
                pthread_rwlock_wrlock,
                pthread_rwlock_unlock,
                STRAIGHT,
            )
        }),
        "foreign-tries" => beside_a_clock(foreign_tries),
        "once-with-a-lock" => beside_a_clock(once_with_a_lock),
        "once-in-itself" => beside_a_clock(|| once(once_more)),
        "onces" => beside_a_clock(onces),
        "deliveries" => beside_a_clock(deliveries),
        "busy-locks" => beside_a_clock(busy_locks),
        other => panic!("no contract {other}"),
    }
}
