use std::arch::asm;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

static WORK: AtomicU32 = AtomicU32::new(0);

fn raw_sleep(nanos: i64) {
    let time = [0_i64, nanos];
    // SAFETY: the call reads the time and writes nothing.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!("syscall", inlateout("rax") 35_i64 => _, in("rdi") &time, in("rsi") 0,
             lateout("rcx") _, lateout("r11") _);
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!("svc 0", in("x8") 101, inlateout("x0") &time => _, in("x1") 0);
    }
}

fn main() {
    let start = Instant::now();
    let sleeper = thread::spawn(|| raw_sleep(30_000_000));
    let worker = thread::spawn(|| {
        for _ in 0..5 {
            WORK.fetch_add(1, Ordering::SeqCst);
        }
    });
    worker.join().unwrap();
    sleeper.join().unwrap();
    let long = start.elapsed() >= Duration::from_millis(30);
    println!("work {}, slept: {long}", WORK.load(Ordering::SeqCst));
}
