//! Ten numbers are added up in chunks, and then the chunks' sums are.
//!
//! Each worker has a chunk and a total of its own, so no lock is needed; what
//! is shared comes last, and is small.

use std::thread;

const CHUNK: usize = 4;

// 2. Reduce each chunk, in a worker of its own
fn add_up(chunk: &[u32]) -> u32 {
    let total = chunk.iter().sum();
    println!("from {} to {}: {total}", chunk[0], chunk[chunk.len() - 1]);
    total
}

fn main() {
    let numbers: Vec<u32> = (1..=10).collect();
    let sums: Vec<u32> = thread::scope(|s| {
        // 1. Split: chunks of four, and what is left; all are begun at once
        let workers: Vec<_> = numbers
            .chunks(CHUNK)
            .map(|chunk| s.spawn(move || add_up(chunk)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });

    // 3. Reduce what the workers return, in the order of the chunks
    println!("sums: {sums:?}");
    println!("total: {}", sums.iter().sum::<u32>());
}
