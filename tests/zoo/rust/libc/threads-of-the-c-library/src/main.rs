use std::os::raw::{c_int, c_ulong, c_void};
use std::ptr;

type Start = extern "C" fn(*mut c_void) -> *mut c_void;

extern "C" {
    fn pthread_create(
        thread: *mut c_ulong,
        attributes: *const c_void,
        start: Start,
        argument: *mut c_void,
    ) -> c_int;
    fn pthread_join(thread: c_ulong, result: *mut *mut c_void) -> c_int;
}

extern "C" fn square(argument: *mut c_void) -> *mut c_void {
    // SAFETY: the argument is a box that was given to this thread alone.
    let mut n = unsafe { Box::from_raw(argument.cast::<u64>()) };
    *n *= *n;
    Box::into_raw(n).cast()
}

fn main() {
    let threads = [3_u64, 5, 7].map(|n| {
        let mut thread = 0;
        let argument = Box::into_raw(Box::new(n)).cast();
        // SAFETY: the function takes such a box.
        assert_eq!(
            unsafe { pthread_create(&mut thread, ptr::null(), square, argument) },
            0
        );
        thread
    });
    for thread in threads {
        let mut result = ptr::null_mut();
        // SAFETY: each thread is joined once; its result is a box.
        let n = unsafe {
            pthread_join(thread, &mut result);
            Box::from_raw(result.cast::<u64>())
        };
        println!("square {n}");
    }
}
