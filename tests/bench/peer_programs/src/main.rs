//! The programs of the traces bench and litmus tests, written for loom's types.
//!
//! `peers loom lost-update-2` prints how many executions there were, and whether the search ended by
//! itself; `peers litmus TEXT` what of a litmus test loom shows, an outcome a line.

use std::collections::BTreeSet;
use std::env;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc as StdArc, Mutex as StdMutex};

mod of_loom {
    use std::sync::atomic::Ordering::SeqCst;
    use loom::sync::atomic::AtomicUsize;
    use loom::sync::{Arc, Mutex};
    use loom::thread;

    fn lost_update(times: usize) {
        let n = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let n = n.clone();
                thread::spawn(move || {
                    for _ in 0..times {
                        let value = n.load(SeqCst);
                        n.store(value + 1, SeqCst);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }

    // A line is what others may come between: a word that all write.
    fn lines(counts: [usize; 2]) {
        let stream = Arc::new(AtomicUsize::new(0));
        let threads = counts.map(|count| {
            let stream = stream.clone();
            thread::spawn(move || {
                for _ in 0..count {
                    stream.fetch_add(1, SeqCst);
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
    }

    fn locks(count: usize) {
        let locks: Vec<_> = (0..count).map(|_| Arc::new(Mutex::new(()))).collect();
        let threads: Vec<_> = (0..count)
            .map(|i| {
                let (one, other) = (locks[i].clone(), locks[(i + 1) % count].clone());
                thread::spawn(move || {
                    let _first = one.lock().unwrap();
                    let _second = other.lock().unwrap();
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }

    pub fn run(name: &str) {
        match name {
            "lost-update-1" => lost_update(1),
            "lost-update-2" => lost_update(2),
            "lost-update-3" => lost_update(3),
            "lines" => lines([3, 4]),
            "more-lines" => lines([4, 5]),
            "locks-2" => locks(2),
            "locks-3" => locks(3),
            _ => panic!("no such program: {name}"),
        }
    }
}

static EXECUTIONS: AtomicUsize = AtomicUsize::new(0);

/// Runs so until the search ends, or (see `main`) a deadlock ends the process; prints how often.
fn with_loom(name: String) {
    loom::model::Builder::new().check(move || {
        EXECUTIONS.fetch_add(1, SeqCst);
        of_loom::run(&name);
    });
    println!("{} complete", EXECUTIONS.load(SeqCst));
}

mod litmus {
    use loom::sync::atomic::{fence, AtomicU32, Ordering};
    use loom::sync::Arc;
    use loom::thread;

    include!("../../../schedules/rust/shared/litmus_ops.rs");

    /// What one execution read, by thread, then the last values.
    pub fn run(text: &str) -> String {
        let threads = threads_of(text);
        let named = words_of(&threads);
        let words = Arc::new([0, 1, 2, 3].map(|_| AtomicU32::new(0)));
        let handles: Vec<_> = threads
            .into_iter()
            .map(|ops| {
                let words = words.clone();
                thread::spawn(move || perform(words.as_slice(), &ops))
            })
            .collect();
        let mut seen = String::new();
        for handle in handles {
            seen += &handle.join().unwrap();
            seen += "|";
        }
        for at in named {
            seen += &words[at].load(Ordering::SeqCst).to_string();
        }
        seen
    }
}

fn litmus_with_loom(text: String) {
    let seen = StdArc::new(StdMutex::new(BTreeSet::new()));
    let all = seen.clone();
    loom::model::Builder::new().check(move || {
        all.lock().unwrap().insert(litmus::run(&text));
    });
    for outcome in seen.lock().unwrap().iter() {
        println!("{outcome}");
    }
}

fn main() {
    // loom panics where all threads wait; what it unwinds through then panics, too.
    std::panic::set_hook(Box::new(|panic| {
        let told = panic.to_string();
        if told.contains("deadlock") {
            println!("{} deadlock", EXECUTIONS.load(SeqCst));
            process::exit(0);
        }
        eprintln!("{}", told.replace('\n', " "));
        process::exit(1);
    }));
    let mut words = env::args().skip(1);
    let (what, name) = (words.next().unwrap(), words.next().unwrap());
    match what.as_str() {
        "loom" => with_loom(name),
        "litmus" => litmus_with_loom(name),
        _ => panic!("no such peer: {what}"),
    }
}
