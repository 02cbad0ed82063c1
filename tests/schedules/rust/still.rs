//! A small program out of letters that waits for locks and ends alone: a word for main and one for each
//! thread.  `a` adds to a total at once and `u` in two steps, `l` does that under a lock, `x` and `y`
//! take two locks, in either order; `t` adds if it finds the lock free, `e` exchanges; `p` prints a
//! line, `n` one with the total, `s` sleeps; `r` makes ready and notifies one, `R` all, `w` waits for
//! that in a loop, `o` once; `c` sends, `b` into a channel with room for one; `h` exchanges weakly, `d`
//! takes a lock to write and `v` to read; of main `j` joins, `g` receives (`G` of the other), `q` looks whether there is
//! anything to receive, `k` lets go of both channels.  Main prints the total last.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc::{channel, sync_channel, Receiver, Sender, SyncSender};
use std::sync::{Condvar, Mutex, RwLock};
use std::time::Duration;
use std::{env, thread};

static TOTAL: AtomicU32 = AtomicU32::new(0);
static FIRST: Mutex<()> = Mutex::new(());
static SECOND: Mutex<()> = Mutex::new(());
static READY: Mutex<u32> = Mutex::new(0);
static CHANGED: Condvar = Condvar::new();
static SHARED: RwLock<u32> = RwLock::new(0);

fn add(much: u32) {
    let seen = TOTAL.load(SeqCst);
    TOTAL.store(seen * 2 + much, SeqCst);
}

struct Ends {
    sender: Sender<u32>,
    bounded: SyncSender<u32>,
}

fn wait(again: bool) {
    let mut ready = READY.lock().unwrap();
    while *ready == 0 {
        ready = CHANGED.wait(ready).unwrap();
        if !again {
            break;
        }
    }
    add(*ready);
}

fn make_ready(who: u32) {
    *READY.lock().unwrap() += who;
}

fn act(who: u32, letter: u8, ends: &Ends) {
    match letter {
        b'r' => {
            make_ready(who);
            CHANGED.notify_one();
        }
        b'R' => {
            make_ready(who);
            CHANGED.notify_all();
        }
        b'w' => wait(true),
        b'o' => wait(false),
        b'c' => drop(ends.sender.send(who)),
        b'b' => drop(ends.bounded.send(who)),
        b'h' => {
            let done = TOTAL.compare_exchange_weak(0, who, SeqCst, SeqCst);
            println!("{who} did {}", done.is_ok());
        }
        b'd' => *SHARED.write().unwrap() += who,
        b'v' => println!("{who} reads {}", SHARED.read().unwrap()),
        b'a' => drop(TOTAL.fetch_add(who, SeqCst)),
        b'u' => add(who),
        b'l' => {
            let _one = FIRST.lock().unwrap();
            add(who);
        }
        b'x' => {
            let _one = FIRST.lock().unwrap();
            let _two = SECOND.lock().unwrap();
            add(who);
        }
        b'y' => {
            let _two = SECOND.lock().unwrap();
            let _one = FIRST.lock().unwrap();
            add(who);
        }
        b't' => {
            if FIRST.try_lock().is_ok() {
                add(who);
            }
        }
        b'e' => drop(TOTAL.compare_exchange(0, who, SeqCst, SeqCst)),
        b's' => thread::sleep(Duration::from_millis(1)),
        b'p' => println!("{who} prints"),
        b'n' => println!("{who} sees {}", TOTAL.load(SeqCst)),
        other => panic!("no letter {other}"),
    }
}

fn receive(from: &Option<Receiver<u32>>) {
    match from.as_ref().map(Receiver::recv) {
        Some(Ok(message)) => add(message),
        other => println!("9 gets {other:?}"),
    }
}

fn main() {
    let all: Vec<&'static [u8]> = env::args()
        .skip(1)
        .map(|letters| &*letters.into_bytes().leak())
        .collect();
    let (sender, unbounded) = channel();
    let (bounded, with_room) = sync_channel(1);
    let mut receivers = (Some(unbounded), Some(with_room));
    let mut threads = Vec::new();
    for (who, letters) in (1..).zip(all.iter().skip(1).copied()) {
        let ends = Ends { sender: sender.clone(), bounded: bounded.clone() };
        threads.push(thread::spawn(move || {
            letters.iter().for_each(|letter| act(who, *letter, &ends));
        }));
    }
    let ends = Ends { sender, bounded };
    for letter in all[0] {
        match letter {
            b'j' => threads.drain(..).for_each(|one| one.join().unwrap()),
            b'g' => receive(&receivers.0),
            b'G' => receive(&receivers.1),
            b'q' => println!("9 looks {:?}", receivers.0.as_ref().map(Receiver::try_recv)),
            b'k' => receivers = (None, None),
            other => act(9, *other, &ends),
        }
    }
    println!("total {}", TOTAL.load(SeqCst));
}
