//! Two questions wait for a server, each with a channel for its answer. The
//! server answers one of them and goes home.

use crossbeam_channel::{bounded, unbounded, Receiver, Sender};
use std::thread;
use std::time::Duration;

type Answer = Sender<&'static str>;

fn serve(questions: Receiver<Answer>) {
    let answer = questions.recv().unwrap();
    answer.send("yes").unwrap();
}

fn ask(questions: &Sender<Answer>) -> Receiver<&'static str> {
    let (sender, answer) = bounded(1);
    questions.send(sender).unwrap();
    answer
}

fn main() {
    // 1. Two questions
    let (questions, server) = unbounded();
    let asked = [ask(&questions), ask(&questions)];

    // 2. One is answered
    thread::spawn(move || serve(server)).join().unwrap();

    // 3. The other one was dropped with the server, and its answer with it
    for answer in asked {
        match answer.recv_timeout(Duration::from_millis(100)) {
            Ok(answer) => println!("answer: {answer}"),
            Err(error) if error.is_timeout() => println!("no answer yet"),
            Err(_) => println!("nobody answers"),
        }
    }
}
