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

#[derive(Clone, Copy)]
struct Op {
    kind: u8,
    word: usize,
    first: u32,
    second: u32,
    order: Ordering,
}

fn order(text: &str) -> Ordering {
    match text {
        "rlx" => Ordering::Relaxed,
        "acq" => Ordering::Acquire,
        "rel" => Ordering::Release,
        "ar" => Ordering::AcqRel,
        "sc" => Ordering::SeqCst,
        _ => panic!("no such order: {text}"),
    }
}

fn on_failure(order: Ordering) -> Ordering {
    match order {
        Ordering::SeqCst => Ordering::SeqCst,
        Ordering::AcqRel | Ordering::Acquire => Ordering::Acquire,
        _ => Ordering::Relaxed,
    }
}

fn parse(text: &str) -> Op {
    let bytes = text.as_bytes();
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let named = usize::from(bytes[0] != b'F');
    Op {
        kind: bytes[0],
        word: if named == 1 { (bytes[1] - b'w') as usize } else { 0 },
        first: digits.first().copied().unwrap_or(0),
        second: digits.get(1).copied().unwrap_or(0),
        order: order(&text[1 + named + digits.len()..]),
    }
}

fn perform(round: usize, ops: &[Op]) -> String {
    let mut read = String::new();
    for op in ops {
        let word = &WORDS[4 * round + op.word];
        let value = match op.kind {
            b'W' => {
                word.store(op.first, op.order);
                continue;
            }
            b'F' => {
                fence(op.order);
                continue;
            }
            b'R' => word.load(op.order),
            b'U' => word.fetch_add(op.first, op.order),
            b'X' => word.swap(op.first, op.order),
            _ => word
                .compare_exchange(op.first, op.second, op.order, on_failure(op.order))
                .unwrap_or_else(|other| other),
        };
        read += &value.to_string();
    }
    read
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let threads: Vec<Vec<Op>> =
        arguments[2].split('|').map(|ops| ops.split(',').map(parse).collect()).collect();
    let mut words: Vec<usize> =
        threads.iter().flatten().filter(|op| op.kind != b'F').map(|op| op.word).collect();
    words.sort_unstable();
    words.dedup();
    let mut seen = String::new();
    for round in 0..arguments[1].parse().unwrap() {
        let handles: Vec<_> = threads
            .iter()
            .cloned()
            .map(|ops| thread::spawn(move || perform(round, &ops)))
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
