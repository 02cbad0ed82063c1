use std::sync::mpsc;
use std::thread;

enum Event {
    Key(char),
    Tick(u32),
    Done,
}

fn main() {
    let (tx, events) = mpsc::channel();
    let keyboard = tx.clone();
    thread::spawn(move || {
        for key in "abc".chars() {
            keyboard.send(Event::Key(key)).unwrap();
        }
        keyboard.send(Event::Done).unwrap();
    });
    let clock = tx;
    thread::spawn(move || {
        for n in 1..=3 {
            clock.send(Event::Tick(n)).unwrap();
        }
        clock.send(Event::Done).unwrap();
    });
    let (mut typed, mut ticks, mut done) = (String::new(), 0, 0);
    while done < 2 {
        match events.recv().unwrap() {
            Event::Key(key) => typed.push(key),
            Event::Tick(n) => ticks += n,
            Event::Done => done += 1,
        }
    }
    println!("typed {typed}, ticks {ticks}");
}
