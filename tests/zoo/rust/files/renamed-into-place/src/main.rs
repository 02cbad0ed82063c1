use std::fs;
use std::path::Path;
use std::{env, process, thread};

fn publish(place: &Path, n: u32) {
    let draft = place.with_extension("draft");
    fs::write(&draft, format!("{n}:{}", "x".repeat(n as usize))).unwrap();
    fs::rename(draft, place).unwrap();
}

fn is_whole(text: &str) -> bool {
    let (n, rest) = text.split_once(':').unwrap_or(("no", ""));
    n.parse() == Ok(rest.len())
}

fn main() {
    let place = env::temp_dir().join(format!("renamed-{}", process::id()));
    publish(&place, 1);
    let whole = thread::scope(|s| {
        s.spawn(|| (2..8).for_each(|n| publish(&place, n)));
        let reader = s.spawn(|| {
            (0..8)
                .map(|_| fs::read_to_string(&place).unwrap())
                .all(|text| is_whole(&text))
        });
        reader.join().unwrap()
    });
    let last = fs::read_to_string(&place).unwrap();
    fs::remove_file(&place).unwrap();
    println!("always whole: {whole}, at last {last}");
}
