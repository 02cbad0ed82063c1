//! Two threads put together the parts of a row, and then the parts are. That
//! is right where the grouping does not matter, as in a sum.

use rayon::prelude::*;
use rayon::ThreadPoolBuilder;

// 1. Fold each part in a worker, then reduce what comes of the parts
fn text(letters: &[char]) -> String {
    letters
        .par_iter()
        .fold(String::new, |part, letter| format!("{part}{letter}"))
        .reduce(String::new, |left, right| left + &right)
}

fn main() {
    let numbers: Vec<i32> = (1..17).collect();
    let letters: Vec<char> = "work in parallel".chars().collect();
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        // 2. A sum, and a text: the grouping does not matter
        println!("sum: {}", numbers.par_iter().sum::<i32>());
        println!("text: {}", text(&letters));

        // 3. A difference: the grouping is what one gets
        let one_by_one = numbers.iter().copied().reduce(|a, b| a - b);
        println!("one by one: {}", one_by_one.unwrap());
        let in_parts = numbers.par_iter().copied().reduce_with(|a, b| a - b);
        println!("in parts: {}", in_parts.unwrap());
    });
}
