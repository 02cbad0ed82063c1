use std::os::raw::{c_int, c_ulong};
use std::sync::mpsc;
use std::{process, ptr, thread};

extern "C" {
    fn pthread_sigmask(how: c_int, set: *const [c_ulong; 16], old: *mut [c_ulong; 16]) -> c_int;
    fn sigwait(set: *const [c_ulong; 16], number: *mut c_int) -> c_int;
    fn kill(pid: c_int, number: c_int) -> c_int;
}

const SIG_BLOCK: c_int = 0;
const SIGUSR1: c_int = 10;
const SIGTERM: c_int = 15;

fn main() {
    let mut set = [0; 16];
    set[0] = 1 << (SIGUSR1 - 1) | 1 << (SIGTERM - 1);
    // SAFETY: the set lives; threads that are started later inherit the mask.
    unsafe { pthread_sigmask(SIG_BLOCK, &set, ptr::null_mut()) };
    let (tx, rx) = mpsc::channel();
    let waiter = thread::spawn(move || loop {
        let mut number = 0;
        // SAFETY: both pointers are good.
        unsafe { sigwait(&set, &mut number) };
        tx.send(number).unwrap();
        if number == SIGTERM {
            break;
        }
    });
    let me = process::id() as c_int;
    for number in [SIGUSR1, SIGTERM] {
        // SAFETY: it is blocked everywhere, so it waits until it is asked for.
        unsafe { kill(me, number) };
        println!("took {}", rx.recv().unwrap());
    }
    waiter.join().unwrap();
}
