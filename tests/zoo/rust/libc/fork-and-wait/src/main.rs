use std::os::raw::c_int;

extern "C" {
    fn fork() -> c_int;
    fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn _exit(code: c_int) -> !;
}

fn main() {
    // SAFETY: there is one thread, and the child does nothing but end.
    let child = unsafe { fork() };
    if child == 0 {
        // SAFETY: it does not return.
        unsafe { _exit(7) };
    }
    let mut status = 0;
    // SAFETY: it fills in the status.
    let waited = unsafe { waitpid(child, &mut status, 0) };
    println!(
        "the child: {}, its code {}",
        waited == child,
        status >> 8 & 0xff
    );
}
