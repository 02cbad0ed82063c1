//! Bugs of one hand-over that comes late, after much that is sound: the first argument names one, and a
//! second, `fixed`, mends it.  Each prints "good" in the runs that do not show it; in the others
//! "bad", or nothing before it hangs.

use std::env;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

const ROUNDS: u32 = 12;

static TURN: Mutex<u32> = Mutex::new(0);
static OTHER: Mutex<u32> = Mutex::new(0);
static THIRD: Mutex<u32> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();
static TOTAL: AtomicU32 = AtomicU32::new(0);
static MADE: AtomicU32 = AtomicU32::new(0);
static VALUE: AtomicU32 = AtomicU32::new(0);
static FLAG: AtomicBool = AtomicBool::new(false);
static WRONG: AtomicBool = AtomicBool::new(false);
static LEFT: Mutex<i32> = Mutex::new(10);
static RIGHT: Mutex<i32> = Mutex::new(0);
static ITEMS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn report(good: bool) {
    println!("{}", if good { "good" } else { "bad" });
}

fn work(rounds: u32) {
    for _ in 0..rounds {
        *TURN.lock().unwrap() += 1;
    }
}

fn run(jobs: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = jobs.into_iter().map(thread::spawn).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn take_both(first: &Mutex<u32>, second: &Mutex<u32>) {
    let mut one = first.lock().unwrap();
    let mut two = second.lock().unwrap();
    *one += 1;
    *two += 1;
}

/// Two locks in two orders, beside a thread that ticks.
fn clock(fixed: bool) {
    let ticking = thread::spawn(|| {
        while !FLAG.load(SeqCst) {
            thread::sleep(Duration::from_millis(100));
        }
    });
    let (first, second) = if fixed {
        (&TURN, &OTHER)
    } else {
        (&OTHER, &TURN)
    };
    run(vec![
        Box::new(|| take_both(&TURN, &OTHER)),
        Box::new(move || take_both(first, second)),
    ]);
    FLAG.store(true, SeqCst);
    ticking.join().unwrap();
    report(true);
}

fn visit(first: &Mutex<u32>, second: &Mutex<u32>) {
    work(ROUNDS);
    take_both(first, second);
}

/// The same after other work.
fn locks(fixed: bool) {
    let (first, second) = if fixed {
        (&OTHER, &THIRD)
    } else {
        (&THIRD, &OTHER)
    };
    run(vec![
        Box::new(|| visit(&OTHER, &THIRD)),
        Box::new(move || visit(first, second)),
    ]);
    report(true);
}

fn make() {
    if MADE.load(SeqCst) == 0 {
        MADE.fetch_add(1, SeqCst);
    }
}

/// A look, and then an act.
fn once(fixed: bool) {
    let build = move || {
        work(ROUNDS);
        if fixed {
            let _turn = TURN.lock().unwrap();
            make();
        } else {
            make();
        }
        work(ROUNDS);
    };
    run(vec![Box::new(build), Box::new(build)]);
    report(MADE.load(SeqCst) == 1);
}

fn write() {
    if !FLAG.load(SeqCst) {
        WRONG.fetch_or(FLAG.load(SeqCst), SeqCst);
    }
}

fn close(fixed: bool) {
    let writer = move || {
        work(ROUNDS);
        if fixed {
            let _turn = OTHER.lock().unwrap();
            write();
        } else {
            write();
        }
    };
    let closer = || {
        work(3);
        let _turn = OTHER.lock().unwrap();
        FLAG.store(true, SeqCst);
    };
    run(vec![Box::new(writer), Box::new(closer)]);
    report(!WRONG.load(SeqCst));
}

/// The length, and then the items.
fn iterate(fixed: bool) {
    ITEMS.lock().unwrap().extend([1, 2, 3]);
    let reader = move || {
        work(ROUNDS);
        let mut items = ITEMS.lock().unwrap();
        let count = items.len();
        if !fixed {
            drop(items);
            items = ITEMS.lock().unwrap();
        }
        if count > items.len() {
            WRONG.store(true, SeqCst);
        }
    };
    let taker = || {
        work(4);
        ITEMS.lock().unwrap().pop();
    };
    run(vec![Box::new(reader), Box::new(taker)]);
    report(!WRONG.load(SeqCst));
}

/// One update among sound ones is none.
fn update(fixed: bool) {
    let add = move || {
        for round in 0..ROUNDS {
            if fixed || round + 3 != ROUNDS {
                TOTAL.fetch_add(1, SeqCst);
            } else {
                TOTAL.store(TOTAL.load(SeqCst) + 1, SeqCst);
            }
        }
    };
    run(vec![Box::new(add), Box::new(add)]);
    report(TOTAL.load(SeqCst) == 2 * ROUNDS);
}

/// The lock of one round is each thread's own, at the same place as all others.
fn rounds(fixed: bool) {
    let add = move || {
        let own = Mutex::new(0);
        for round in 0..ROUNDS {
            let guard = if fixed || round != 7 { &TURN } else { &own };
            let _guard = guard.lock().unwrap();
            TOTAL.store(TOTAL.load(SeqCst) + 1, SeqCst);
        }
    };
    run(vec![Box::new(add), Box::new(add)]);
    report(TOTAL.load(SeqCst) == 2 * ROUNDS);
}

/// An order that nothing keeps.
fn flag(fixed: bool) {
    let writer = move || {
        work(ROUNDS);
        if fixed {
            VALUE.store(1, SeqCst);
        }
        FLAG.store(true, SeqCst);
        VALUE.store(1, SeqCst);
    };
    let reader = || {
        work(3);
        if FLAG.load(SeqCst) && VALUE.load(SeqCst) == 0 {
            WRONG.store(true, SeqCst);
        }
    };
    run(vec![Box::new(writer), Box::new(reader)]);
    report(!WRONG.load(SeqCst));
}

/// What is taken from one account is for a while in none.
fn transfer(fixed: bool) {
    let mover = move || {
        work(ROUNDS);
        let mut left = LEFT.lock().unwrap();
        *left -= 1;
        if fixed {
            *RIGHT.lock().unwrap() += 1;
        }
        drop(left);
        if !fixed {
            *RIGHT.lock().unwrap() += 1;
        }
        work(2);
    };
    let auditor = || {
        work(4);
        let left = LEFT.lock().unwrap();
        if *left + *RIGHT.lock().unwrap() != 10 {
            WRONG.store(true, SeqCst);
        }
    };
    run(vec![
        Box::new(mover),
        Box::new(auditor),
        Box::new(|| work(ROUNDS)),
    ]);
    report(!WRONG.load(SeqCst));
}

/// What is told between the look and the wait is told to nobody.
fn notify(fixed: bool) {
    let waiter = move || {
        work(ROUNDS);
        if fixed {
            let mut guard = OTHER.lock().unwrap();
            while !FLAG.load(SeqCst) {
                guard = CHANGED.wait(guard).unwrap();
            }
        } else if !FLAG.load(SeqCst) {
            drop(CHANGED.wait(OTHER.lock().unwrap()).unwrap());
        }
    };
    let teller = || {
        work(3);
        let _guard = OTHER.lock().unwrap();
        FLAG.store(true, SeqCst);
        CHANGED.notify_one();
    };
    run(vec![Box::new(waiter), Box::new(teller)]);
    report(true);
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let fixed = arguments.len() > 1;
    let job = match arguments[0].as_str() {
        "clock" => clock,
        "locks" => locks,
        "once" => once,
        "close" => close,
        "iterate" => iterate,
        "update" => update,
        "rounds" => rounds,
        "flag" => flag,
        "transfer" => transfer,
        "notify" => notify,
        other => panic!("no bug is called {other}"),
    };
    job(fixed);
}
