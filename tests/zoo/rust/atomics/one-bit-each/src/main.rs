use std::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use std::thread;

fn main() {
    let bits = AtomicU8::new(0b1111_0000);
    let most = AtomicI32::new(i32::MIN);
    thread::scope(|s| {
        for n in 0..4_u8 {
            let (bits, most) = (&bits, &most);
            s.spawn(move || {
                bits.fetch_or(1 << n, Ordering::Relaxed);
                bits.fetch_and(!(0x10 << n), Ordering::Relaxed);
                most.fetch_max(10 * i32::from(n), Ordering::Relaxed);
            });
        }
        s.spawn(|| {
            for _ in 0..3 {
                most.fetch_min(99, Ordering::Relaxed);
            }
        });
    });
    bits.fetch_xor(0b11, Ordering::Relaxed);
    println!("bits {:08b}, most {}", bits.into_inner(), most.into_inner());
}
