use std::thread;

fn main() {
    let (jobs, todo) = flume::bounded::<u32>(1);
    let (results, done) = flume::unbounded();
    for _ in 0..2 {
        let (todo, results) = (todo.clone(), results.clone());
        thread::spawn(move || {
            for n in todo.iter() {
                results.send(n * n).unwrap();
            }
        });
    }
    drop((todo, results));
    for n in 1..=5 {
        jobs.send(n).unwrap();
    }
    drop(jobs);
    let mut squares: Vec<u32> = done.iter().collect();
    squares.sort_unstable();
    println!("squares {squares:?}");
}
