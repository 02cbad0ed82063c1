use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::thread;

struct Dice(u64);

impl Dice {
    fn new() -> Self {
        Dice(RandomState::new().build_hasher().finish() | 1)
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 6 + 1
    }
}

fn main() {
    let players = [(); 2].map(|()| {
        thread::spawn(|| {
            let mut dice = Dice::new();
            (0..50).map(|_| dice.roll()).collect::<Vec<_>>()
        })
    });
    let rolls = players.map(|p| p.join().unwrap()).concat();
    let fair = rolls.iter().all(|face| (1..=6).contains(face));
    println!("{} rolls, all between 1 and 6: {fair}", rolls.len());
    println!(
        "more than one face: {}",
        rolls.iter().any(|r| *r != rolls[0])
    );
}
