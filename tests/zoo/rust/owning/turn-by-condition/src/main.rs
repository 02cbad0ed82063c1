use std::cell::UnsafeCell;
use std::sync::{Condvar, Mutex};
use std::thread;

struct Shared {
    text: UnsafeCell<[u8; 4]>,
    turn: Mutex<usize>,
    changed: Condvar,
}

unsafe impl Sync for Shared {}

impl Shared {
    fn take_turn(&self, mine: usize, act: impl FnOnce(&mut [u8; 4])) {
        drop(
            self.changed
                .wait_while(self.turn.lock().unwrap(), |turn| *turn != mine)
                .unwrap(),
        );
        act(unsafe { &mut *self.text.get() });
        *self.turn.lock().unwrap() += 1;
        self.changed.notify_all();
    }
}

fn main() {
    let shared = Shared {
        text: UnsafeCell::new(*b"____"),
        turn: Mutex::new(0),
        changed: Condvar::new(),
    };
    thread::scope(|s| {
        for n in 0..4 {
            let shared = &shared;
            s.spawn(move || {
                shared.take_turn(n, |text| {
                    text.rotate_left(1);
                    text[3] = b'a' + n as u8;
                })
            });
        }
    });
    println!(
        "text {}",
        String::from_utf8_lossy(&shared.text.into_inner())
    );
}
