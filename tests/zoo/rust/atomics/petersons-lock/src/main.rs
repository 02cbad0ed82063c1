use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};
use std::thread;

static WANTS: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];
static YIELDS: AtomicUsize = AtomicUsize::new(0);
static VISITS: AtomicU32 = AtomicU32::new(0);

fn visit(me: usize) {
    let other = 1 - me;
    WANTS[me].store(true, SeqCst);
    YIELDS.store(me, SeqCst);
    while WANTS[other].load(SeqCst) && YIELDS.load(SeqCst) == me {
        thread::yield_now();
    }
    let visits = VISITS.load(SeqCst);
    VISITS.store(visits + 1, SeqCst);
    WANTS[me].store(false, SeqCst);
}

fn main() {
    let pair = [0, 1].map(|me| thread::spawn(move || (0..4).for_each(|_| visit(me))));
    for visitor in pair {
        visitor.join().unwrap();
    }
    println!("visits {}", VISITS.load(SeqCst));
}
