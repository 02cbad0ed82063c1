//! A small program out of letters that waits for locks and ends alone: a word for main and one for each
//! thread.  `a` adds to a total at once and `u` in two steps, `l` does that under a lock, `x` and `y`
//! take two locks, in either order; `t` adds if it finds the lock free, `e` exchanges; `p` prints a
//! line, `n` one with the total, `s` sleeps; of main `j` joins.  Main prints the total last.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::Mutex;
use std::time::Duration;
use std::{env, thread};

static TOTAL: AtomicU32 = AtomicU32::new(0);
static FIRST: Mutex<()> = Mutex::new(());
static SECOND: Mutex<()> = Mutex::new(());

fn add(much: u32) {
    let seen = TOTAL.load(SeqCst);
    TOTAL.store(seen * 2 + much, SeqCst);
}

fn act(who: u32, letter: u8) {
    match letter {
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

fn main() {
    let all: Vec<&'static [u8]> = env::args()
        .skip(1)
        .map(|letters| &*letters.into_bytes().leak())
        .collect();
    let mut threads = Vec::new();
    for (who, letters) in (1..).zip(all.iter().skip(1).copied()) {
        threads.push(thread::spawn(move || {
            letters.iter().for_each(|letter| act(who, *letter));
        }));
    }
    for letter in all[0] {
        match letter {
            b'j' => threads.drain(..).for_each(|one| one.join().unwrap()),
            other => act(9, *other),
        }
    }
    println!("total {}", TOTAL.load(SeqCst));
}
