//! Small programs whose traces are known, or whose outcomes are; the argument says which.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, OnceLock, RwLock};
use std::time::{Duration, Instant};
use std::{env, thread};

fn lost_update(times: usize) {
    let n = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let n = n.clone();
            thread::spawn(move || {
                for _ in 0..times {
                    let value = n.load(SeqCst);
                    n.store(value + 1, SeqCst);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    println!("{}", n.load(SeqCst));
}

fn lines(counts: [usize; 2]) {
    let threads =
        counts.map(|count| thread::spawn(move || (0..count).for_each(|i| println!("{count} {i}"))));
    for thread in threads {
        thread.join().unwrap();
    }
}

fn locks(count: usize) {
    let locks: Arc<Vec<_>> = Arc::new((0..count).map(|_| Mutex::new(())).collect());
    let threads: Vec<_> = (0..count)
        .map(|i| {
            let locks = locks.clone();
            thread::spawn(move || {
                let _first = locks[i].lock().unwrap();
                let _second = locks[(i + 1) % locks.len()].lock().unwrap();
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn tried() {
    let lock = Arc::new(Mutex::new(0));
    let theirs = lock.clone();
    let worker = thread::spawn(move || *theirs.lock().unwrap() += 1);
    println!("{}", lock.try_lock().is_ok());
    worker.join().unwrap();
}

fn pieces() {
    let worker = thread::spawn(|| {
        print!("a");
        println!("b");
    });
    let other = thread::spawn(|| println!("c"));
    worker.join().unwrap();
    other.join().unwrap();
}

fn ends_early() {
    thread::spawn(|| {
        println!("a");
        println!("b");
    });
    println!("main");
}

fn barrier() {
    let shared = Arc::new((Barrier::new(2), AtomicUsize::new(0)));
    let threads: Vec<_> = (0..2)
        .map(|i| {
            let shared = shared.clone();
            thread::spawn(move || {
                shared.1.fetch_add(1 + i, SeqCst);
                let leads = shared.0.wait().is_leader();
                println!("{i} {leads} {}", shared.1.fetch_add(10, SeqCst));
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn once() {
    static FIRST: OnceLock<usize> = OnceLock::new();
    let threads =
        [0, 1].map(|i| thread::spawn(move || println!("{i} {}", FIRST.get_or_init(|| i))));
    for thread in threads {
        thread.join().unwrap();
    }
}

fn scoped() {
    let n = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let value = n.load(SeqCst);
                n.store(value + 1, SeqCst);
            });
        }
    });
    println!("{}", n.into_inner());
}

fn independent() {
    let counts = [0, 1, 2].map(AtomicUsize::new);
    thread::scope(|scope| {
        for count in &counts {
            scope.spawn(|| count.fetch_add(1, SeqCst));
        }
    });
    println!("{:?}", counts.map(AtomicUsize::into_inner));
}

fn speaks_when_dropped() {
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            println!("dropped by {:?}", thread::current().name());
        }
    }
    drop(thread::spawn(|| Loud));
}

fn last_drop() {
    struct Named;
    impl Drop for Named {
        fn drop(&mut self) {
            println!("dropped by {:?}", thread::current().name());
        }
    }
    let named = Arc::new(Named);
    let theirs = named.clone();
    let worker = thread::spawn(move || drop(theirs));
    drop(named);
    worker.join().unwrap();
}

fn sleepers(nap: u64) {
    let n = Arc::new(AtomicUsize::new(0));
    let theirs = n.clone();
    let worker = thread::spawn(move || {
        let value = theirs.load(SeqCst);
        thread::sleep(Duration::from_millis(nap));
        theirs.store(value + 1, SeqCst);
    });
    thread::sleep(Duration::from_millis(2));
    n.fetch_add(10, SeqCst);
    worker.join().unwrap();
    println!("{}", n.load(SeqCst));
}

fn clocked() {
    let worker = thread::spawn(|| thread::sleep(Duration::from_millis(3)));
    let start = Instant::now();
    thread::sleep(Duration::from_millis(1));
    println!("{}", start.elapsed().as_millis());
    worker.join().unwrap();
}

fn channel(senders: usize) {
    let (sender, receiver) = mpsc::channel();
    let threads: Vec<_> = (0..senders)
        .map(|i| {
            let sender = sender.clone();
            thread::spawn(move || sender.send(i).unwrap())
        })
        .collect();
    drop(sender);
    for message in receiver {
        println!("{message}");
    }
    for thread in threads {
        thread.join().unwrap();
    }
}

fn bounded(room: usize) {
    let (sender, receiver) = mpsc::sync_channel(room);
    let worker = thread::spawn(move || (0..2).for_each(|i| sender.send(i).unwrap()));
    for message in receiver {
        println!("{message}");
    }
    worker.join().unwrap();
}

fn closed(early: bool) {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || println!("{}", sender.send(1).is_ok()));
    if !early {
        println!("{}", receiver.recv().unwrap());
    }
    drop(receiver);
    worker.join().unwrap();
}

fn looked_into() {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || sender.send(1).unwrap());
    println!("{:?}", receiver.try_recv());
    println!("{:?}", receiver.recv());
    worker.join().unwrap();
}

fn dropped_in_a_channel() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            let seen = self.0.load(SeqCst);
            self.0.store(seen + 1, SeqCst);
        }
    }
    let n = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = mpsc::channel();
    sender.send(Counted(n.clone())).unwrap();
    let theirs = n.clone();
    let worker = thread::spawn(move || theirs.fetch_add(10, SeqCst));
    drop(receiver);
    worker.join().unwrap();
    println!("{}", n.load(SeqCst));
}

fn waits(again: bool) {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let theirs = shared.clone();
    let worker = thread::spawn(move || {
        *theirs.0.lock().unwrap() = true;
        theirs.1.notify_one();
    });
    let mut ready = shared.0.lock().unwrap();
    while !*ready {
        ready = shared.1.wait(ready).unwrap();
        if !again {
            break;
        }
    }
    println!("{}", *ready);
    drop(ready);
    worker.join().unwrap();
}

fn waiters() {
    let shared = Arc::new((Mutex::new(0), Condvar::new()));
    let threads = [0, 1].map(|i| {
        let shared = shared.clone();
        thread::spawn(move || {
            let mut n = shared.0.lock().unwrap();
            if *n == 0 {
                n = shared.1.wait(n).unwrap();
            }
            println!("{i} sees {}", *n);
            *n += 1;
        })
    });
    *shared.0.lock().unwrap() += 5;
    shared.1.notify_all();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn weak() {
    let n = Arc::new(AtomicUsize::new(0));
    let theirs = n.clone();
    let worker = thread::spawn(move || {
        println!("{}", theirs.compare_exchange_weak(0, 1, SeqCst, SeqCst).is_ok());
    });
    println!("{}", n.load(SeqCst));
    worker.join().unwrap();
}

fn gathered() {
    let barrier = Arc::new(Barrier::new(3));
    let threads = [0, 1, 2].map(|i| {
        let barrier = barrier.clone();
        thread::spawn(move || {
            if barrier.wait().is_leader() {
                println!("{i}");
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

fn read_and_written() {
    let n = Arc::new(RwLock::new(0));
    let theirs = n.clone();
    let worker = thread::spawn(move || *theirs.write().unwrap() += 1);
    println!("{}", n.read().unwrap());
    worker.join().unwrap();
}

fn fails(divisor: i32) {
    println!("{}", 100 / divisor);
}

fn panics() {
    thread::scope(|scope| {
        for divisor in [0, 4] {
            scope.spawn(move || fails(divisor));
        }
    });
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "lost-update-1" => lost_update(1),
        "lost-update-2" => lost_update(2),
        "lost-update-3" => lost_update(3),
        "lines" => lines([3, 4]),
        "more-lines" => lines([4, 5]),
        "locks-2" => locks(2),
        "locks-3" => locks(3),
        "tried" => tried(),
        "pieces" => pieces(),
        "ends-early" => ends_early(),
        "barrier" => barrier(),
        "once" => once(),
        "scoped" => scoped(),
        "independent" => independent(),
        "speaks-when-dropped" => speaks_when_dropped(),
        "sleepers" => sleepers(1),
        "long-sleeper" => sleepers(120_000),
        "clocked" => clocked(),
        "channel-1" => channel(1),
        "channel-2" => channel(2),
        "channel-3" => channel(3),
        "bounded" => bounded(1),
        "rendezvous" => bounded(0),
        "closed-early" => closed(true),
        "closed-late" => closed(false),
        "looked-into" => looked_into(),
        "dropped-in-a-channel" => dropped_in_a_channel(),
        "waits-once" => waits(false),
        "waits-again" => waits(true),
        "waiters" => waiters(),
        "weak" => weak(),
        "gathered" => gathered(),
        "read-and-written" => read_and_written(),
        "panics" => panics(),
        _ => last_drop(),
    }
}
