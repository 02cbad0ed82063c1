//! Two clients ask one server, and each gets its own answers.
//!
//! A request takes along the sender that its answer is to come back through.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

struct Request {
    number: u32,
    reply: Sender<u32>,
}

// 1. Answer each request through the sender that came with it
fn serve(requests: Receiver<Request>) {
    for request in requests {
        request.reply.send(request.number.pow(2)).unwrap();
    }
}

// 2. Ask, and wait for the answer at a channel of one's own
fn ask(who: &str, numbers: [u32; 2], requests: Sender<Request>) {
    for number in numbers {
        let (reply, answer) = mpsc::channel();
        requests.send(Request { number, reply }).unwrap();
        println!("{who}: {number} squared is {}", answer.recv().unwrap());
    }
}

fn main() {
    // 3. One server, two clients
    let (requests, inbox) = mpsc::channel();
    let another = requests.clone();
    thread::scope(|s| {
        s.spawn(|| serve(inbox));
        s.spawn(|| ask("ann", [2, 3], requests));
        s.spawn(|| ask("bob", [4, 5], another));

        // 4. No more clients: their senders are dropped, and the server ends
    });
}
