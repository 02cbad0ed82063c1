//! A small program out of letters: the first argument says what main does, each further one what a
//! thread does; `tests/bench/agreement.py` has the letters.  Main prints "good" if all that it relies
//! on was so, else "bad".

use std::env;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

static TOTAL: AtomicU32 = AtomicU32::new(0);
static WRONG: AtomicBool = AtomicBool::new(false);
static FIRST: Mutex<()> = Mutex::new(());
static SECOND: Mutex<()> = Mutex::new(());
static READY: Mutex<bool> = Mutex::new(false);
static TOLD: Condvar = Condvar::new();

fn add() {
    let seen = TOTAL.load(Ordering::SeqCst);
    TOTAL.store(seen + 1, Ordering::SeqCst);
}

fn wait_once() {
    let mut ready = READY.lock().unwrap();
    if !*ready {
        ready = TOLD.wait(ready).unwrap();
    }
    if !*ready {
        WRONG.store(true, Ordering::SeqCst);
    }
}

fn wait_in_a_loop() {
    let mut ready = READY.lock().unwrap();
    while !*ready {
        ready = TOLD.wait(ready).unwrap();
    }
}

fn tell() {
    *READY.lock().unwrap() = true;
    TOLD.notify_one();
}

fn act(letter: u8, sender: &Sender<u32>) {
    match letter {
        b'u' => add(),
        b'l' => {
            let _one = FIRST.lock().unwrap();
            add();
        }
        b'x' => {
            let _one = FIRST.lock().unwrap();
            let _two = SECOND.lock().unwrap();
            add();
        }
        b'y' => {
            let _two = SECOND.lock().unwrap();
            let _one = FIRST.lock().unwrap();
            add();
        }
        b's' => thread::sleep(Duration::from_millis(1)),
        b'p' => println!("line"),
        b'r' => tell(),
        b'w' => wait_once(),
        b'W' => wait_in_a_loop(),
        b'c' => sender.send(1).unwrap(),
        other => panic!("no letter {other}"),
    }
}

fn work(letters: &'static [u8], sender: Sender<u32>) {
    for letter in letters {
        act(*letter, &sender);
    }
}

fn lead(
    letters: &[u8],
    sender: &Sender<u32>,
    receiver: &Receiver<u32>,
    threads: &mut Vec<JoinHandle<()>>,
) {
    for letter in letters {
        match letter {
            b'j' => threads.drain(..).for_each(|thread| thread.join().unwrap()),
            b'g' => assert_eq!(receiver.recv(), Ok(1)),
            other => act(*other, sender),
        }
    }
}

fn main() {
    let all: Vec<&'static [u8]> = env::args()
        .skip(1)
        .map(|letters| &*letters.into_bytes().leak())
        .collect();
    let adds = all
        .concat()
        .iter()
        .filter(|letter| b"ulxy".contains(letter))
        .count();
    let (sender, receiver) = mpsc::channel();
    let mut threads = Vec::new();
    for letters in all.iter().skip(1).copied() {
        let sender = sender.clone();
        threads.push(thread::spawn(move || work(letters, sender)));
    }
    lead(all[0], &sender, &receiver, &mut threads);
    let right = TOTAL.load(Ordering::SeqCst) as usize == adds && !WRONG.load(Ordering::SeqCst);
    println!("{}", if right { "good" } else { "bad" });
}
