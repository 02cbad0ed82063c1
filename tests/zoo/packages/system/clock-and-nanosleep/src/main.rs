use rustix::thread::{clock_nanosleep_relative, ClockId as SleepClock, NanosleepRelativeResult};
use rustix::time::{clock_gettime, ClockId, Timespec};
use std::thread;

fn now() -> i64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn main() {
    let start = now();
    let sleeper = thread::spawn(|| {
        let pause = Timespec {
            tv_sec: 0,
            tv_nsec: 12_000_000,
        };
        let result = clock_nanosleep_relative(SleepClock::Monotonic, &pause);
        matches!(result, NanosleepRelativeResult::Ok)
    });
    let slept = sleeper.join().unwrap();
    println!(
        "slept: {slept}, long enough: {}",
        now() - start >= 12_000_000
    );
}
