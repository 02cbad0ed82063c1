use rayon::prelude::*;

fn main() {
    let numbers: Vec<u64> = (1..=200).collect();
    let sum: u64 = numbers.par_iter().map(|n| n * n).sum();
    let big: Vec<u64> = numbers
        .par_iter()
        .copied()
        .filter(|n| n % 90 == 0)
        .collect();
    let first = numbers.par_iter().find_first(|n| **n % 7 == 6);
    println!("sum {sum}, big {big:?}, first {first:?}");
}
