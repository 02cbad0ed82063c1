use std::thread;

#[derive(Debug, PartialEq)]
struct Stats {
    sum: i32,
    least: i32,
    most: i32,
}

fn stats(items: &[i32]) -> Stats {
    let start = Stats {
        sum: 0,
        least: i32::MAX,
        most: i32::MIN,
    };
    items.iter().fold(start, |s, &n| Stats {
        sum: s.sum + n,
        least: s.least.min(n),
        most: s.most.max(n),
    })
}

fn main() {
    let items: Vec<i32> = (0..40).map(|n| n * 37 % 41 - 20).collect();
    let parts: Vec<Stats> = thread::scope(|s| {
        let threads: Vec<_> = items
            .chunks(10)
            .map(|part| s.spawn(|| stats(part)))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let together = Stats {
        sum: parts.iter().map(|p| p.sum).sum(),
        least: parts.iter().map(|p| p.least).min().unwrap(),
        most: parts.iter().map(|p| p.most).max().unwrap(),
    };
    println!("as one: {}", together == stats(&items));
}
