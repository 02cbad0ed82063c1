//! Three runners meet after each lap, and one of them tells the time.
//!
//! A barrier of Rust's has no action, but names a leader. It has let all of
//! them go by then: if they are to wait for what the leader does, they meet
//! once more.

use std::sync::Barrier;
use std::thread;

const RUNNERS: usize = 3;
const LAPS: u32 = 3;

// 1. What is to be done between two laps: once, while all wait
fn tell(lap: u32) {
    println!("lap {lap} is over");
}

// 2. Run a lap, and meet the others
fn run(who: usize, meeting: &Barrier) {
    for lap in 1..=LAPS {
        println!("runner {who} runs lap {lap}");
        if meeting.wait().is_leader() {
            tell(lap);
        }
        meeting.wait();
    }
}

fn main() {
    // 3. One barrier for all laps, and both meetings of each
    let meeting = &Barrier::new(RUNNERS);
    thread::scope(|s| {
        for who in 1..=RUNNERS {
            s.spawn(move || run(who, meeting));
        }
    });
}
