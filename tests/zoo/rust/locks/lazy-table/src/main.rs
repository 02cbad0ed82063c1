use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;

static LETTERS: LazyLock<BTreeMap<char, u32>> = LazyLock::new(|| {
    println!("making the table");
    ('a'..='e').zip(1..).collect()
});

fn score(word: &str) -> u32 {
    word.chars().map(|c| LETTERS[&c]).sum()
}

fn main() {
    println!("starting");
    let scores = ["bad", "cab", "bee"].map(|word| thread::spawn(move || score(word)));
    for score in scores {
        println!("score {}", score.join().unwrap());
    }
}
