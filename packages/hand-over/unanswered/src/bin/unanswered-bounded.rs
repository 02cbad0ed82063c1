//! The same questions in a channel with room for two. It keeps what is in it
//! as long as somebody could send, even if nobody can receive any more.

use crossbeam_channel::{bounded, Receiver, Sender};
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
    let (questions, server) = bounded(2);
    let asked = [ask(&questions), ask(&questions)];

    // 2. One is answered
    thread::spawn(move || serve(server)).join().unwrap();

    // 3. The other one lies in the channel, and nobody knows it is in vain
    for answer in asked {
        match answer.recv_timeout(Duration::from_millis(100)) {
            Ok(answer) => println!("answer: {answer}"),
            Err(error) if error.is_timeout() => println!("no answer yet"),
            Err(_) => println!("nobody answers"),
        }
    }
}
