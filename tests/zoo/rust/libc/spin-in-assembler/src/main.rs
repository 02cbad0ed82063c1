use std::arch::asm;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

static GO: AtomicU32 = AtomicU32::new(0);
static PAID: AtomicU32 = AtomicU32::new(0);

fn spin_until_set(word: &AtomicU32) {
    // SAFETY: it only reads the word, which lives.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        asm!("2:", "pause", "cmp dword ptr [{0}], 0", "je 2b", in(reg) word.as_ptr());
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        asm!("2:", "ldar {1:w}, [{0}]", "cbz {1:w}, 2b", in(reg) word.as_ptr(), out(reg) _);
    }
}

fn main() {
    let runner = thread::spawn(|| {
        spin_until_set(&GO);
        PAID.load(Ordering::Acquire)
    });
    PAID.store(5, Ordering::Release);
    GO.store(1, Ordering::Release);
    println!("paid {}", runner.join().unwrap());
}
