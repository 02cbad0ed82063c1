//! A sum is halved, and each half is a job that waits for its own halves. Two
//! workers are enough, or one: who waits does other jobs meanwhile.

use rayon::ThreadPoolBuilder;

fn add_up(first: u32, last: u32) -> u32 {
    // 1. A small part is added up at once
    if last - first < 2 {
        println!("adds {first} and {last}");
        return first + last;
    }

    // 2. Of a larger one both halves are jobs, and this one waits for them
    println!("halves {first} to {last}");
    let middle = (first + last) / 2;
    let left = || add_up(first, middle);
    let right = || add_up(middle + 1, last);
    let (left, right) = rayon::join(left, right);
    left + right
}

fn main() {
    // 3. The whole is a job, too
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    println!("total: {}", pool.install(|| add_up(1, 8)));
}
