//! Three workers go through two phases; none starts one ahead of the rest.
//!
//! At each barrier one of them, and no more, is told that it is the leader.

use std::sync::Barrier;
use std::thread;

const WORKERS: usize = 3;
const PHASES: usize = 2;

// 1. Do the phase's work, then wait for the others; one is picked as leader
fn work(who: usize, barrier: &Barrier) {
    for phase in 1..=PHASES {
        println!("worker {who} has done phase {phase}");
        if barrier.wait().is_leader() {
            println!("worker {who} leads out of phase {phase}");
        }
    }
}

fn main() {
    // 2. One barrier serves all phases: it starts afresh when it has opened
    let barrier = &Barrier::new(WORKERS);
    thread::scope(|s| {
        for who in 1..=WORKERS {
            s.spawn(move || work(who, barrier));
        }
    });
}
