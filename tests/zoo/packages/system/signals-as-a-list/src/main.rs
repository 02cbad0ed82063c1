use signal_hook::consts::{SIGUSR1, SIGUSR2};
use signal_hook::iterator::Signals;
use signal_hook::low_level::raise;
use std::sync::mpsc;
use std::thread;

fn main() {
    let mut signals = Signals::new([SIGUSR1, SIGUSR2]).unwrap();
    let handle = signals.handle();
    let (tx, rx) = mpsc::channel();
    let listener = thread::spawn(move || {
        for signal in signals.forever() {
            tx.send(signal).unwrap();
        }
    });
    for signal in [SIGUSR1, SIGUSR2] {
        raise(signal).unwrap();
        println!("heard the same: {}", rx.recv().unwrap() == signal);
    }
    handle.close();
    listener.join().unwrap();
}
