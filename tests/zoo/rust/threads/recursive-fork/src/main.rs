use std::thread;

fn sum(numbers: &[u64], threads: &mut u32) -> u64 {
    if numbers.len() <= 4 {
        return numbers.iter().sum();
    }
    let (left, right) = numbers.split_at(numbers.len() / 2);
    let (mut mine, mut theirs) = (0, 1);
    let total = thread::scope(|s| {
        let other = s.spawn(|| sum(right, &mut theirs));
        sum(left, &mut mine) + other.join().unwrap()
    });
    *threads += mine + theirs;
    total
}

fn main() {
    let numbers: Vec<u64> = (1..=16).collect();
    let mut threads = 0;
    let total = sum(&numbers, &mut threads);
    println!("sum {total} by {threads} more threads");
}
