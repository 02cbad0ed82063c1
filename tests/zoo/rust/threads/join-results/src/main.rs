use std::thread;

fn main() {
    let words = ["zebra", "ox", "panda", "gnu"];
    let handles: Vec<_> = words
        .into_iter()
        .map(|word| thread::spawn(move || word.len()))
        .collect();
    let lengths: Vec<usize> = handles
        .into_iter()
        .map(|handle| handle.join().unwrap())
        .collect();
    for (word, length) in words.iter().zip(&lengths) {
        println!("{word} has {length} letters");
    }
    println!("all together {}", lengths.iter().sum::<usize>());
}
