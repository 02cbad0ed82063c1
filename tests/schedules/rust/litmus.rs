//! Runs a litmus test, given as text, so many times; `tests/litmus/families.py` has the tests.
//!
//! Threads are parted by `|`, their operations by `,`.  `Wx1rel` stores 1 to x, `Rxacq` loads x,
//! `Ux1ar` adds 1 to it, `Xx2sc` exchanges it for 2, `Cx01ar` compares it with 0 and exchanges it for
//! 1, `Fsc` is a fence.  A line for each execution: what was read, by thread, then the last values.

use std::env;
use std::sync::atomic::{fence, AtomicU32, Ordering};
use std::thread;

const ROUNDS: usize = 32;
const ZERO: AtomicU32 = AtomicU32::new(0);
static WORDS: [AtomicU32; 4 * ROUNDS] = [ZERO; 4 * ROUNDS];

include!("shared/litmus_ops.rs");

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let threads = threads_of(&arguments[2]);
    let words = words_of(&threads);
    let mut seen = String::new();
    for round in 0..arguments[1].parse().unwrap() {
        let handles: Vec<_> = threads
            .iter()
            .cloned()
            .map(|ops| thread::spawn(move || perform(&WORDS[4 * round..], &ops)))
            .collect();
        for handle in handles {
            seen += &handle.join().unwrap();
            seen += "|";
        }
        for at in &words {
            seen += &WORDS[4 * round + at].load(Ordering::SeqCst).to_string();
        }
        seen += "\n";
    }
    print!("{seen}");
}
