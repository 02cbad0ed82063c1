//! Planted bugs: the first argument names one, and a second, `fixed`, mends it.  Each prints "good"
//! in the runs that do not show it; in the others "bad", or nothing before it hangs.

use std::collections::VecDeque;
use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

const ROUNDS: u32 = 4;
const PRICE: u32 = 10;

static READY: AtomicU32 = AtomicU32::new(0);
static BALANCE: AtomicU32 = AtomicU32::new(PRICE);
static TOTAL: AtomicU32 = AtomicU32::new(0);
static LOCKED: Mutex<u32> = Mutex::new(0);
static mut PLAIN: u32 = 0;

fn report(good: bool) {
    println!("{}", if good { "good" } else { "bad" });
}

/// Does `work` a few times in each of two threads at once.
fn twice(work: fn()) {
    in_two_threads(ROUNDS, work);
}

fn in_two_threads(rounds: u32, work: fn()) {
    let all = move || (0..rounds).for_each(|_| work());
    let workers = [thread::spawn(all), thread::spawn(all)];
    for worker in workers {
        worker.join().unwrap();
    }
}

fn read_and_write() {
    let seen = TOTAL.load(Ordering::SeqCst);
    TOTAL.store(seen + 1, Ordering::SeqCst);
}

fn add_at_once() {
    TOTAL.fetch_add(1, Ordering::SeqCst);
}

fn lost_update(rounds: u32, fixed: bool) {
    in_two_threads(rounds, if fixed { add_at_once } else { read_and_write });
    report(TOTAL.load(Ordering::SeqCst) == 2 * rounds);
}

fn lock_for_each() {
    let seen = *LOCKED.lock().unwrap();
    *LOCKED.lock().unwrap() = seen + 1;
}

fn lock_for_both() {
    let mut total = LOCKED.lock().unwrap();
    let seen = *total;
    *total = seen + 1;
}

fn lock_released_early(fixed: bool) {
    twice(if fixed { lock_for_both } else { lock_for_each });
    report(*LOCKED.lock().unwrap() == 2 * ROUNDS);
}

fn data_race() {
    twice(|| unsafe { PLAIN += 1 });
    report(unsafe { PLAIN == 2 * ROUNDS });
}

fn look_and_take() {
    if BALANCE.load(Ordering::SeqCst) >= PRICE {
        BALANCE.fetch_sub(PRICE, Ordering::SeqCst);
        TOTAL.fetch_add(PRICE, Ordering::SeqCst);
    }
}

fn look_and_take_in_turn() {
    let _turn = LOCKED.lock().unwrap();
    look_and_take();
}

/// Two buyers, and money for one purchase.
fn check_then_act(fixed: bool) {
    twice(if fixed {
        look_and_take_in_turn
    } else {
        look_and_take
    });
    report(TOTAL.load(Ordering::SeqCst) == PRICE);
}

/// A ring of locks: each thread takes its own, then its neighbour's; or the lower-numbered first.
fn deadlock(size: usize, fixed: bool) {
    let locks: Arc<Vec<Mutex<()>>> = Arc::new((0..size).map(|_| Mutex::new(())).collect());
    let philosophers: Vec<_> = (0..size)
        .map(|own| {
            let locks = Arc::clone(&locks);
            let next = (own + 1) % size;
            let swapped = fixed && next < own;
            let (first, second) = if swapped { (next, own) } else { (own, next) };
            thread::spawn(move || {
                let _first = locks[first].lock().unwrap();
                let _second = locks[second].lock().unwrap();
            })
        })
        .collect();
    for philosopher in philosophers {
        philosopher.join().unwrap();
    }
    report(true);
}

fn look_and_wait(mutex: &Mutex<()>, condvar: &Condvar) {
    if READY.load(Ordering::SeqCst) == 0 {
        drop(condvar.wait(mutex.lock().unwrap()).unwrap());
    }
}

fn wait_for_it(mutex: &Mutex<()>, condvar: &Condvar) {
    let waits = |_: &mut ()| READY.load(Ordering::SeqCst) == 0;
    drop(condvar.wait_while(mutex.lock().unwrap(), waits).unwrap());
}

/// The waiter looks before it takes the lock: a notification between the two is missed.
fn missed_notification(fixed: bool) {
    let pair = Arc::new((Mutex::new(()), Condvar::new()));
    let theirs = Arc::clone(&pair);
    let wait = if fixed { wait_for_it } else { look_and_wait };
    let waiter = thread::spawn(move || wait(&theirs.0, &theirs.1));
    let turn = pair.0.lock().unwrap();
    READY.store(1, Ordering::SeqCst);
    drop(turn);
    pair.1.notify_one();
    waiter.join().unwrap();
    report(true);
}

fn say_and_wait(mutex: &Mutex<()>, condvar: &Condvar) {
    TOTAL.store(1, Ordering::SeqCst);
    wait_for_it(mutex, condvar);
}

/// Who makes ready tells those only whom it has seen waiting before: a waiter that comes between the
/// two is told by nobody.  The waiter is started first, so two hand-overs are needed.
fn lost_wakeup(fixed: bool) {
    let pair = Arc::new((Mutex::new(()), Condvar::new()));
    let (waiters, tellers) = (Arc::clone(&pair), Arc::clone(&pair));
    let waiter = thread::spawn(move || say_and_wait(&waiters.0, &waiters.1));
    let teller = thread::spawn(move || {
        let seen = TOTAL.load(Ordering::SeqCst) == 1;
        READY.store(1, Ordering::SeqCst);
        if seen || fixed {
            let _turn = tellers.0.lock().unwrap();
            tellers.1.notify_one();
        }
    });
    waiter.join().unwrap();
    teller.join().unwrap();
    report(true);
}

/// A result is read that nobody has waited for, `before` pieces of work after it was asked for.
fn missing_join(before: u32, fixed: bool) {
    let worker = thread::spawn(|| READY.store(1, Ordering::SeqCst));
    for _ in 0..before {
        add_at_once();
    }
    if fixed {
        worker.join().unwrap();
    }
    report(READY.load(Ordering::SeqCst) == 1);
}

/// The flag is raised before the data are there that it stands for.
fn publication(fixed: bool) {
    let flag = || READY.store(1, Ordering::SeqCst);
    let data = || TOTAL.store(42, Ordering::SeqCst);
    let writer = thread::spawn(move || {
        if fixed {
            data();
            flag();
        } else {
            flag();
            data();
        }
    });
    let seen = READY.load(Ordering::SeqCst) == 1;
    report(!seen || TOTAL.load(Ordering::SeqCst) == 42);
    writer.join().unwrap();
}

/// How many items come before as many producers as `ends` have said that they are done.
fn drain(items: Receiver<Option<u32>>, ends: u32) -> u32 {
    let (mut taken, mut ended) = (0, 0);
    while ended < ends {
        match items.recv().unwrap() {
            Some(_) => taken += 1,
            None => ended += 1,
        }
    }
    taken
}

/// The receiver goes when the first of two producers is done; the other sends into the void.
fn channel_closed_early(fixed: bool) {
    let (sender, receiver) = mpsc::channel();
    let producers = [sender.clone(), sender].map(|sender| {
        thread::spawn(move || {
            for item in [Some(1), Some(2), None] {
                let _ = sender.send(item);
            }
        })
    });
    report(drain(receiver, if fixed { 2 } else { 1 }) == 4);
    for producer in producers {
        producer.join().unwrap();
    }
}

/// Main and two workers meet at a barrier that is made for two.
fn barrier_one_short(fixed: bool) {
    let barrier = Arc::new(Barrier::new(if fixed { 3 } else { 2 }));
    for _ in 0..2 {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || {
            add_at_once();
            barrier.wait();
        });
    }
    barrier.wait();
    report(TOTAL.load(Ordering::SeqCst) == 2);
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

struct Jobs {
    queue: VecDeque<&'static str>,
    done: Vec<&'static str>,
}

/// Three workers take jobs that sleep: one that was queued early is not done before a later one.
fn sleeps_behind_a_queue(fixed: bool) {
    let queue = VecDeque::from(["first"]);
    let shared = Arc::new((
        Mutex::new(Jobs {
            queue,
            done: vec![],
        }),
        Condvar::new(),
    ));
    let work = move |shared: Arc<(Mutex<Jobs>, Condvar)>| {
        let (jobs, changed) = &*shared;
        loop {
            let waits = |jobs: &mut Jobs| jobs.queue.is_empty() && jobs.done.len() < 4;
            let mut mine = changed.wait_while(jobs.lock().unwrap(), waits).unwrap();
            let job = match mine.queue.pop_front() {
                Some(job) => job,
                None => return,
            };
            drop(mine);
            thread::sleep(Duration::from_millis(20));
            mine = jobs.lock().unwrap();
            if fixed && job == "last" {
                let waits = |jobs: &mut Jobs| !jobs.done.contains(&"short");
                mine = changed.wait_while(mine, waits).unwrap();
            }
            mine.done.push(job);
            match job {
                "first" => mine.queue.extend(["short", "long"]),
                "long" => mine.queue.push_back("last"),
                _ => {}
            }
            changed.notify_all();
        }
    };
    let workers = [(); 3].map(|()| {
        thread::spawn({
            let shared = shared.clone();
            move || work(shared)
        })
    });
    for worker in workers {
        worker.join().unwrap();
    }
    let done = &shared.0.lock().unwrap().done;
    let place = |job| done.iter().position(|each| *each == job);
    report(place("short") < place("last"));
}

fn main() {
    let fixed = env::args().nth(2).map_or(false, |word| word == "fixed");
    match env::args().nth(1).unwrap().as_str() {
        "lost-update" => lost_update(ROUNDS, fixed),
        "lost-update-2x1" => lost_update(1, fixed),
        "lost-update-2x2" => lost_update(2, fixed),
        "lock-released-early" => lock_released_early(fixed),
        "data-race" => data_race(),
        "check-then-act" => check_then_act(fixed),
        "deadlock-2" => deadlock(2, fixed),
        "deadlock-3" => deadlock(3, fixed),
        "missed-notification" => missed_notification(fixed),
        "lost-wakeup" => lost_wakeup(fixed),
        "missing-join" => missing_join(0, fixed),
        "missing-join-late" => missing_join(20, fixed),
        "publication" => publication(fixed),
        "channel-closed-early" => channel_closed_early(fixed),
        "barrier-one-short" => barrier_one_short(fixed),
        "late-store" => late_store(),
        "sleeps-behind-a-queue" => sleeps_behind_a_queue(fixed),
        "sleep-as-synchronisation" => sleep_as_synchronisation(),
        other => panic!("no bug {other}"),
    }
}
