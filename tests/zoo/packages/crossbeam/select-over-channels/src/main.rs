use crossbeam::channel::{bounded, never, select};
use crossbeam::thread;

fn main() {
    let (words, mut from_words) = bounded(1);
    let (numbers, mut from_numbers) = bounded(0);
    let (mut text, mut sum, mut open) = (String::new(), 0, 2);
    thread::scope(|s| {
        s.spawn(move |_| ["a", "b", "c"].map(|w| words.send(w).unwrap()));
        s.spawn(move |_| [1, 2, 3].map(|n| numbers.send(n).unwrap()));
        while open > 0 {
            select! {
                recv(from_words) -> word => match word {
                    Ok(word) => text.push_str(word),
                    Err(_) => (from_words, open) = (never(), open - 1),
                },
                recv(from_numbers) -> n => match n {
                    Ok(n) => sum += n,
                    Err(_) => (from_numbers, open) = (never(), open - 1),
                },
            }
        }
    })
    .unwrap();
    println!("text {text}, sum {sum}");
}
