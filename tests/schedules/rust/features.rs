//! What the standard library offers to threads: the argument names one feature.  What is printed
//! does not depend on the schedule.

use std::cell::Cell;
use std::collections::HashMap;
use std::env;
use std::hint;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::ptr::addr_of_mut;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Barrier, Condvar, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

static FLAG: AtomicBool = AtomicBool::new(false);
static CALLS: AtomicU32 = AtomicU32::new(0);

/// The C library's own locks, of which the standard library makes no use.
mod c {
    pub type Words = [u64; 8];
    pub static mut MUTEX: Words = [0; 8];
    pub static mut CONDITION: Words = [0; 8];
    pub static mut SEMAPHORE: Words = [0; 8];
    pub static mut COUNT: u32 = 0;

    extern "C" {
        pub fn pthread_mutex_lock(mutex: *mut Words) -> i32;
        pub fn pthread_mutex_trylock(mutex: *mut Words) -> i32;
        pub fn pthread_mutex_unlock(mutex: *mut Words) -> i32;
        pub fn pthread_cond_wait(condition: *mut Words, mutex: *mut Words) -> i32;
        pub fn pthread_cond_timedwait(
            condition: *mut Words,
            mutex: *mut Words,
            time: *const [i64; 2],
        ) -> i32;
        pub fn pthread_cond_broadcast(condition: *mut Words) -> i32;
        pub fn sem_init(semaphore: *mut Words, shared: i32, value: u32) -> i32;
        pub fn sem_wait(semaphore: *mut Words) -> i32;
        pub fn sem_post(semaphore: *mut Words) -> i32;
        pub fn sem_trywait(semaphore: *mut Words) -> i32;
    }
}

/// Runs `work` in `count` threads at once and waits for them.
fn crowd(count: u32, work: impl Fn(u32) + Sync) {
    thread::scope(|scope| {
        for i in 0..count {
            let work = &work;
            scope.spawn(move || work(i));
        }
    });
}

fn channel() {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for i in 0..3 {
            let sender = sender.clone();
            scope.spawn(move || sender.send(i).unwrap());
        }
    });
    drop(sender);
    println!("{}", receiver.iter().sum::<u32>());
}

fn bounded_channel(bound: usize) {
    let (sender, receiver) = mpsc::sync_channel(bound);
    let producer = thread::spawn(move || {
        for i in 0..4 {
            sender.send(i).unwrap();
        }
    });
    println!("{:?}", receiver.iter().collect::<Vec<u32>>());
    producer.join().unwrap();
}

fn wait_for_seconds() {
    let seconds = std::env::args().nth(2).unwrap().parse().unwrap();
    let (sender, receiver) = mpsc::channel();
    let producer = thread::spawn(move || {
        for _ in 0..100 {
            CALLS.fetch_add(1, Ordering::Relaxed);
        }
        let _ = sender.send(1);
    });
    let received = receiver.recv_timeout(Duration::from_secs(seconds));
    println!("{}", if received.is_ok() { "in time" } else { "late" });
    producer.join().unwrap();
}

fn receive_timeout() {
    let (sender, receiver) = mpsc::channel();
    let producer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        sender.send(1).unwrap();
    });
    let early = receiver.recv_timeout(Duration::from_millis(10));
    let late = receiver.recv_timeout(Duration::from_millis(100));
    println!(
        "{} {}",
        early == Err(RecvTimeoutError::Timeout),
        late == Ok(1)
    );
    producer.join().unwrap();
}

fn scope() {
    let mut numbers = vec![1, 2, 3];
    thread::scope(|scope| {
        for number in &mut numbers {
            scope.spawn(move || *number *= 2);
        }
    });
    println!("{numbers:?}");
}

fn condvar() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let theirs = Arc::clone(&pair);
    let waiter = thread::spawn(move || {
        let ready = theirs.0.lock().unwrap();
        drop(theirs.1.wait_while(ready, |ready| !*ready).unwrap());
    });
    *pair.0.lock().unwrap() = true;
    pair.1.notify_one();
    waiter.join().unwrap();
    println!("woken");
}

fn condvar_timeout() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let started = Instant::now();
    let hour = Duration::from_secs(3600);
    let (_guard, result) = condvar.wait_timeout(mutex.lock().unwrap(), hour).unwrap();
    println!("{} {}", result.timed_out(), started.elapsed().as_secs());
}

fn rwlock() {
    let total = RwLock::new(0);
    crowd(4, |i| {
        if i % 2 == 0 {
            *total.write().unwrap() += 1;
        } else {
            assert!(*total.read().unwrap() <= 2);
        }
    });
    println!("{}", total.read().unwrap());
}

fn barrier() {
    let (barrier, leaders) = (Barrier::new(3), AtomicU32::new(0));
    crowd(3, |_| {
        CALLS.fetch_add(1, Ordering::SeqCst);
        leaders.fetch_add(u32::from(barrier.wait().is_leader()), Ordering::SeqCst);
        assert_eq!(3, CALLS.load(Ordering::SeqCst));
    });
    println!("{}", leaders.load(Ordering::SeqCst));
}

fn park() {
    let parked = thread::spawn(thread::park);
    parked.thread().unpark();
    parked.join().unwrap();
    thread::park_timeout(Duration::from_secs(3600));
    println!("unparked");
}

fn thread_local() {
    struct Farewell;
    impl Drop for Farewell {
        fn drop(&mut self) {
            CALLS.fetch_add(1, Ordering::SeqCst);
        }
    }
    thread_local! {
        static OWN: Cell<u32> = const { Cell::new(0) };
        static LAST: Farewell = const { Farewell };
    }
    let workers: Vec<_> = (0..3)
        .map(|i| {
            thread::spawn(move || {
                LAST.with(|_| OWN.with(|own| own.set(own.get() + i)));
                OWN.with(Cell::get)
            })
        })
        .collect();
    let sum: u32 = workers
        .into_iter()
        .map(|worker| worker.join().unwrap())
        .sum();
    println!("{sum} {}", CALLS.load(Ordering::SeqCst));
}

fn poison() {
    let mutex = Arc::new(Mutex::new(0));
    let theirs = Arc::clone(&mutex);
    let worker = thread::spawn(move || {
        let _guard = theirs.lock().unwrap();
        panic!("on purpose");
    });
    println!("{} {}", worker.join().is_err(), mutex.is_poisoned());
}

fn fifty_threads() {
    let total = Mutex::new(0);
    crowd(50, |_| {
        for _ in 0..10 {
            *total.lock().unwrap() += 1;
        }
    });
    println!("{}", total.lock().unwrap());
}

fn child_process() {
    crowd(2, |_| {
        let output = Command::new("env").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("HARNESS_SCHEDULE"), "{text}");
    });
    println!("free");
}

fn child_fed_by_another_thread() {
    let mut child = Command::new("cat")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || input.write_all(b"fed").unwrap());
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    println!("{}", String::from_utf8(output.stdout).unwrap());
}

fn loopback() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 4];
        stream.read_exact(&mut bytes).unwrap();
        stream.write_all(&bytes).unwrap();
    });
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"ping").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    server.join().unwrap();
    println!("{answer}");
}

fn socket_timeout() {
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let keeper = thread::spawn(move || {
        thread::park();
        drop(theirs);
    });
    ours.set_read_timeout(Some(Duration::from_secs(3600)))
        .unwrap();
    let kind = ours.read(&mut [0]).unwrap_err().kind();
    keeper.thread().unpark();
    keeper.join().unwrap();
    println!("{kind:?}");
}

/// Waits in `pause` until another thread has raised the flag.
fn wait_for_flag(pause: fn()) {
    let waiter = thread::spawn(move || {
        while !FLAG.load(Ordering::Acquire) {
            pause();
        }
    });
    let second = thread::spawn(move || {
        while !FLAG.load(Ordering::Acquire) {
            pause();
        }
    });
    let raiser = thread::spawn(|| FLAG.store(true, Ordering::Release));
    for thread in [waiter, second, raiser] {
        thread.join().unwrap();
    }
    println!("raised");
}

fn poll_a_lock() {
    static DONE: Mutex<bool> = Mutex::new(false);
    let worker = thread::spawn(|| {
        thread::sleep(Duration::from_millis(5));
        *DONE.lock().unwrap() = true;
    });
    while !*DONE.lock().unwrap() {
        CALLS.fetch_add(1, Ordering::Relaxed);
    }
    worker.join().unwrap();
    println!("done");
}

fn wait_by_the_clock() {
    let worker = thread::spawn(|| {
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(100) {
            hint::spin_loop();
        }
    });
    while !worker.is_finished() {
        thread::yield_now();
    }
    println!("over");
}

/// As a lock does that spins for a while before it sleeps.  Which line comes first depends on early
/// timeouts.
fn look_a_while() {
    let worker = thread::spawn(|| {
        for _ in 0..20 {
            assert!(!FLAG.load(Ordering::Acquire));
            thread::yield_now();
        }
        println!("looked");
    });
    thread::sleep(Duration::from_secs(1));
    println!("slept");
    worker.join().unwrap();
}

fn sleeps() {
    let started = Instant::now();
    crowd(4, |_| thread::sleep(Duration::from_secs(100)));
    println!("{}", started.elapsed().as_secs());
}

fn hash_order() {
    let map: HashMap<u32, ()> = (0..20).map(|i| (i, ())).collect();
    crowd(2, |_| assert_eq!(20, map.len()));
    println!("{:?}", map.keys().collect::<Vec<_>>());
}

unsafe fn c_count_up() {
    c::sem_wait(addr_of_mut!(c::SEMAPHORE));
    c::pthread_mutex_lock(addr_of_mut!(c::MUTEX));
    let seen = c::COUNT;
    CALLS.fetch_add(1, Ordering::SeqCst);
    c::COUNT = seen + 1;
    c::pthread_cond_broadcast(addr_of_mut!(c::CONDITION));
    c::pthread_mutex_unlock(addr_of_mut!(c::MUTEX));
    c::sem_post(addr_of_mut!(c::SEMAPHORE));
}

unsafe fn c_wait_for(count: u32) {
    c::pthread_mutex_lock(addr_of_mut!(c::MUTEX));
    while c::COUNT < count {
        c::pthread_cond_wait(addr_of_mut!(c::CONDITION), addr_of_mut!(c::MUTEX));
    }
    let moment = [2_000_000_000, 0];
    let timed =
        c::pthread_cond_timedwait(addr_of_mut!(c::CONDITION), addr_of_mut!(c::MUTEX), &moment);
    let busy = c::pthread_mutex_trylock(addr_of_mut!(c::MUTEX));
    c::pthread_mutex_unlock(addr_of_mut!(c::MUTEX));
    let count = c::COUNT;
    println!(
        "{count} {timed} {busy} {}",
        c::sem_trywait(addr_of_mut!(c::SEMAPHORE))
    );
}

fn c_locks() {
    unsafe { c::sem_init(addr_of_mut!(c::SEMAPHORE), 0, 2) };
    crowd(3, |_| unsafe { c_count_up() });
    unsafe { c_wait_for(3) };
}

fn c_condition() {
    unsafe { c::sem_init(addr_of_mut!(c::SEMAPHORE), 0, 2) };
    thread::scope(|scope| {
        scope.spawn(|| unsafe { c_wait_for(1) });
        scope.spawn(|| unsafe { c_count_up() });
    });
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "channel" => channel(),
        "sync-channel" => bounded_channel(1),
        "rendezvous" => bounded_channel(0),
        "receive-timeout" => receive_timeout(),
        "wait" => wait_for_seconds(),
        "scope" => scope(),
        "condvar" => condvar(),
        "condvar-timeout" => condvar_timeout(),
        "rwlock" => rwlock(),
        "barrier" => barrier(),
        "park" => park(),
        "thread-local" => thread_local(),
        "poison" => poison(),
        "fifty-threads" => fifty_threads(),
        "child-process" => child_process(),
        "child-fed" => child_fed_by_another_thread(),
        "loopback" => loopback(),
        "socket-timeout" => socket_timeout(),
        "spin" => wait_for_flag(hint::spin_loop),
        "spin-yield" => wait_for_flag(thread::yield_now),
        "spin-lock" => poll_a_lock(),
        "spin-clock" => wait_by_the_clock(),
        "look-a-while" => look_a_while(),
        "sleeps" => sleeps(),
        "c-locks" => c_locks(),
        "c-condition" => c_condition(),
        "hash-order" => hash_order(),
        other => panic!("no feature {other}"),
    }
}
