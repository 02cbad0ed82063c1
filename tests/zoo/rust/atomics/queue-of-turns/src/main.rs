use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::thread;

struct Slot {
    turn: AtomicUsize,
    value: UnsafeCell<usize>,
}

struct Queue {
    slots: [Slot; 2],
    head: AtomicUsize,
    tail: AtomicUsize,
}

unsafe impl Sync for Queue {}

impl Queue {
    fn new() -> Queue {
        let slots = [0, 1].map(|n| Slot {
            turn: AtomicUsize::new(n),
            value: UnsafeCell::new(0),
        });
        Queue {
            slots,
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
        }
    }

    /// The slot that is next at that end, once it is its turn.
    fn claim(&self, end: &AtomicUsize, lead: usize) -> (usize, &Slot) {
        loop {
            let at = end.load(Relaxed);
            let slot = &self.slots[at % 2];
            if slot.turn.load(Acquire) == at + lead {
                if end
                    .compare_exchange_weak(at, at + 1, Relaxed, Relaxed)
                    .is_ok()
                {
                    return (at, slot);
                }
            } else {
                thread::yield_now();
            }
        }
    }

    fn push(&self, value: usize) {
        let (at, slot) = self.claim(&self.tail, 0);
        unsafe { *slot.value.get() = value };
        slot.turn.store(at + 1, Release);
    }

    fn pop(&self) -> usize {
        let (at, slot) = self.claim(&self.head, 1);
        let value = unsafe { *slot.value.get() };
        slot.turn.store(at + 2, Release);
        value
    }
}

fn main() {
    let (queue, sum) = (Queue::new(), AtomicUsize::new(0));
    thread::scope(|s| {
        for k in 0..2 {
            let (queue, sum) = (&queue, &sum);
            s.spawn(move || (1..=2).for_each(|n| queue.push(10 * k + n)));
            s.spawn(move || {
                for _ in 0..2 {
                    sum.fetch_add(queue.pop(), Relaxed);
                }
            });
        }
    });
    println!("sum {}", sum.into_inner());
}
