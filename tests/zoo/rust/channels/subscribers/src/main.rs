use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::Mutex;
use std::thread;

#[derive(Default)]
struct Bus(Mutex<Vec<Sender<&'static str>>>);

impl Bus {
    fn subscribe(&self) -> Receiver<&'static str> {
        let (tx, rx) = mpsc::channel();
        self.0.lock().unwrap().push(tx);
        rx
    }

    fn publish(&self, event: &'static str) -> usize {
        let mut all = self.0.lock().unwrap();
        all.retain(|subscriber| subscriber.send(event).is_ok());
        all.len()
    }
}

fn main() {
    let bus = Bus::default();
    let readers = [(); 2].map(|()| {
        let events = bus.subscribe();
        thread::spawn(move || events.iter().collect::<Vec<_>>().join("+"))
    });
    let hasty = bus.subscribe();
    println!("sunrise reaches {}", bus.publish("sunrise"));
    drop(hasty);
    println!("noon reaches {}", bus.publish("noon"));
    drop(bus);
    for reader in readers {
        println!("read: {}", reader.join().unwrap());
    }
}
