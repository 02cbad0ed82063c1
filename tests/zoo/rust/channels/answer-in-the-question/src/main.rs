use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

enum Question {
    Deposit(u32),
    Withdraw(u32, Sender<bool>),
    Balance(Sender<u32>),
}

fn account(questions: Receiver<Question>) {
    let mut balance = 0;
    for question in questions {
        match question {
            Question::Deposit(amount) => balance += amount,
            Question::Withdraw(amount, reply) => {
                let enough = balance >= amount;
                balance -= if enough { amount } else { 0 };
                reply.send(enough).unwrap();
            }
            Question::Balance(reply) => reply.send(balance).unwrap(),
        }
    }
}

fn main() {
    let (ask, questions) = mpsc::channel();
    let actor = thread::spawn(move || account(questions));
    ask.send(Question::Deposit(50)).unwrap();
    let clients = [(); 2].map(|()| {
        let ask = ask.clone();
        thread::spawn(move || {
            let (reply, answer) = mpsc::channel();
            ask.send(Question::Withdraw(30, reply)).unwrap();
            answer.recv().unwrap()
        })
    });
    let paid = clients
        .map(|c| c.join().unwrap())
        .iter()
        .filter(|&&p| p)
        .count();
    let (reply, answer) = mpsc::channel();
    ask.send(Question::Balance(reply)).unwrap();
    println!("paid {paid}, balance {}", answer.recv().unwrap());
    drop(ask);
    actor.join().unwrap();
}
