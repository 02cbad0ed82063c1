use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex};
use std::thread;

struct Pool(Mutex<Vec<Vec<u8>>>, Condvar);

struct Loan<'a>(&'a Pool, Option<Vec<u8>>);

impl Pool {
    fn borrow(&self) -> Loan<'_> {
        let free = self.0.lock().unwrap();
        let mut free = self.1.wait_while(free, |free| free.is_empty()).unwrap();
        Loan(self, free.pop())
    }
}

impl Deref for Loan<'_> {
    type Target = Vec<u8>;
    fn deref(&self) -> &Vec<u8> {
        self.1.as_ref().unwrap()
    }
}

impl DerefMut for Loan<'_> {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        self.1.as_mut().unwrap()
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        self.0 .0.lock().unwrap().extend(self.1.take());
        self.0 .1.notify_one();
    }
}

fn main() {
    let pool = Pool(Mutex::new(vec![Vec::new(); 2]), Condvar::new());
    thread::scope(|s| {
        for n in 0..4 {
            let pool = &pool;
            s.spawn(move || pool.borrow().push(n));
        }
    });
    let buffers = pool.0.into_inner().unwrap();
    let mut bytes = buffers.concat();
    bytes.sort_unstable();
    println!("buffers {}, bytes {bytes:?}", buffers.len());
}
