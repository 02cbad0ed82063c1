use std::sync::atomic::{AtomicU32, Ordering};

fn main() {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .unwrap();
    let sum = AtomicU32::new(0);
    let outside = AtomicU32::new(0);
    pool.scope(|s| {
        for n in 1..=5 {
            let (sum, outside) = (&sum, &outside);
            s.spawn(move |_| {
                sum.fetch_add(n, Ordering::Relaxed);
                let inside = rayon::current_thread_index().is_some_and(|i| i < 2);
                outside.fetch_add(u32::from(!inside), Ordering::Relaxed);
            });
        }
    });
    println!("sum {}, outside {}", sum.into_inner(), outside.into_inner());
}
