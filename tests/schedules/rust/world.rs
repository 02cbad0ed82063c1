//! What a program asks of the system beside its threads: clocks, files, signals, timers, processes.

#[cfg(target_arch = "x86_64")]
use std::arch::asm;
use std::env;
#[cfg(target_arch = "x86_64")]
use std::ffi::CStr;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::raw::{c_char, c_int, c_uint, c_void};
use std::os::unix::io::{AsRawFd, FromRawFd};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::sync::{mpsc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const MSG_DONTWAIT: c_int = 0x40;
const O_NONBLOCK: c_int = 0o4000;
const SIGINT: c_int = 2;
const SIGUSR1: c_int = 10;
const SIGALRM: c_int = 14;

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Time {
    seconds: i64,
    parts: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct SignalSet([u64; 16]);

#[repr(C)]
struct Poll {
    fd: c_int,
    events: i16,
    revents: i16,
}

#[repr(C)]
struct FileLock {
    kind: i16,
    whence: i16,
    start: i64,
    length: i64,
    process: c_int,
}

extern "C" {
    fn recv(fd: c_int, bytes: *mut c_void, size: usize, flags: c_int) -> isize;
    fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    fn flock(fd: c_int, operation: c_int) -> c_int;
    fn pipe(fds: *mut c_int) -> c_int;
    fn signal(number: c_int, handler: usize) -> usize;
    fn kill(process: c_int, number: c_int) -> c_int;
    fn raise(number: c_int) -> c_int;
    fn getpid() -> c_int;
    fn pause() -> c_int;
    fn alarm(seconds: c_uint) -> c_uint;
    fn futimens(fd: c_int, times: *const [Time; 2]) -> c_int;
    fn ualarm(first: c_uint, every: c_uint) -> c_uint;
    fn sigemptyset(set: *mut SignalSet) -> c_int;
    fn sigaddset(set: *mut SignalSet, number: c_int) -> c_int;
    fn sigwait(set: *const SignalSet, number: *mut c_int) -> c_int;
    fn sigtimedwait(set: *const SignalSet, information: *mut c_void, time: *const Time) -> c_int;
    fn pthread_sigmask(how: c_int, set: *const SignalSet, old: *mut SignalSet) -> c_int;
    fn clock_gettime(clock: c_int, time: *mut Time) -> c_int;
    fn gettimeofday(time: *mut Time, zone: *mut c_void) -> c_int;
    fn time(to: *mut i64) -> i64;
    fn timerfd_create(clock: c_int, flags: c_int) -> c_int;
    fn timerfd_settime(
        fd: c_int,
        flags: c_int,
        new: *const [Time; 2],
        old: *mut [Time; 2],
    ) -> c_int;
    fn timer_create(clock: c_int, event: *mut c_void, timer: *mut *mut c_void) -> c_int;
    fn timer_settime(
        timer: *mut c_void,
        flags: c_int,
        new: *const [Time; 2],
        old: *mut [Time; 2],
    ) -> c_int;
    fn ppoll(fds: *mut Poll, count: u64, time: *const Time, mask: *const SignalSet) -> c_int;
    fn pthread_key_create(key: *mut c_uint, at_end: extern "C" fn(usize)) -> c_int;
    fn pthread_setspecific(key: c_uint, value: usize) -> c_int;
    fn write(fd: c_int, bytes: *const u8, size: usize) -> isize;
    fn epoll_create1(flags: c_int) -> c_int;
    fn epoll_ctl(set: c_int, operation: c_int, fd: c_int, event: *mut [u32; 4]) -> c_int;
    fn epoll_wait(set: c_int, events: *mut [u32; 4], limit: c_int, milliseconds: c_int) -> c_int;
    fn select(
        limit: c_int,
        readable: *mut [u64; 16],
        writable: *mut [u64; 16],
        exceptional: *mut [u64; 16],
        time: *mut Time,
    ) -> c_int;
    #[cfg(target_arch = "x86_64")]
    fn getauxval(kind: u64) -> u64;
    #[cfg(target_arch = "x86_64")]
    fn syscall(number: i64, ...) -> i64;
    fn fork() -> c_int;
    fn _exit(status: c_int) -> !;
    fn wait(status: *mut c_int) -> c_int;
    fn execv(program: *const c_char, arguments: *const *const c_char) -> c_int;
    fn splice(
        from: c_int,
        from_at: *mut i64,
        to: c_int,
        to_at: *mut i64,
        size: usize,
        flags: c_uint,
    ) -> isize;
}

fn a_pipe() -> (File, File) {
    let mut fds = [0; 2];
    unsafe {
        assert_eq!(0, pipe(fds.as_mut_ptr()));
        (File::from_raw_fd(fds[0]), File::from_raw_fd(fds[1]))
    }
}

// --- calls that may not block ---------------------------------------------------------------

fn dont_wait() {
    let (reader, _writer) = UnixStream::pair().unwrap();
    let (piped, _end) = a_pipe();
    thread::spawn(move || unsafe {
        let mut byte = [0u8];
        let got = recv(
            reader.as_raw_fd(),
            byte.as_mut_ptr().cast(),
            1,
            MSG_DONTWAIT,
        );
        assert_eq!(0, fcntl(piped.as_raw_fd(), 4, O_NONBLOCK));
        let error = (&piped).read(&mut byte).unwrap_err();
        println!("{got} {:?}", error.kind());
    })
    .join()
    .unwrap();
}

// --- calls that block ------------------------------------------------------------------------

fn file_locks() {
    let path = env::temp_dir().join(format!("controlled-world-{}", unsafe { getpid() }));
    File::create(&path).unwrap();
    let inside = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let file = File::open(&path).unwrap();
                assert_eq!(0, unsafe { flock(file.as_raw_fd(), 2) });
                assert_eq!(0, inside.fetch_add(1, Ordering::SeqCst));
                thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                let file = File::options().write(true).read(true).open(&path).unwrap();
                let whole = FileLock {
                    kind: 1,
                    whence: 0,
                    start: 0,
                    length: 0,
                    process: 0,
                };
                assert_eq!(0, unsafe { fcntl(file.as_raw_fd(), 38, &whole) });
                thread::yield_now();
            });
        }
    });
    std::fs::remove_file(path).unwrap();
    println!("locked");
}

fn full_pipe() {
    let (mut reader, mut writer) = a_pipe();
    let writing = thread::spawn(move || writer.write_all(&[7; 300_000]).unwrap());
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    writing.join().unwrap();
    println!("{}", all.len());
}

fn full_socket() {
    let (mut reader, mut writer) = UnixStream::pair().unwrap();
    let writing = thread::spawn(move || writer.write_all(&[7; 900_000]).unwrap());
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    writing.join().unwrap();
    println!("{}", all.len());
}

fn multiplexed() {
    let (reader, mut writer) = a_pipe();
    let fd = reader.as_raw_fd();
    let polling = thread::spawn(move || unsafe {
        let time = Time {
            seconds: 0,
            parts: 1000,
        };
        let mut one = Poll {
            fd,
            events: 1,
            revents: 0,
        };
        let late = ppoll(&mut one, 1, &time, std::ptr::null());
        let mut set = [0u64; 16];
        set[0] = 1 << fd;
        let nothing = std::ptr::null_mut();
        let ready = select(fd + 1, &mut set, nothing, nothing, std::ptr::null_mut());
        println!("{late} {ready} {}", set[0] >> fd);
    });
    thread::sleep(Duration::from_secs(1));
    writer.write_all(b"x").unwrap();
    polling.join().unwrap();
}

/// Nobody is left who could write.
fn alone(call: &str) {
    thread::spawn(|| println!("begun")).join().unwrap();
    let (mut reader, _writer) = a_pipe();
    let fd = reader.as_raw_fd();
    let mut one = Poll {
        fd,
        events: 1,
        revents: 0,
    };
    let mut event = [1u32, 0, 0, 0];
    match call {
        "read" => drop(reader.read(&mut [0])),
        "poll" => unsafe {
            ppoll(&mut one, 1, std::ptr::null(), std::ptr::null());
        },
        _ => unsafe {
            let set = epoll_create1(0);
            assert_eq!(0, epoll_ctl(set, 1, fd, &mut event));
            epoll_wait(set, &mut event, 1, -1);
        },
    }
    println!("woken");
}

// --- signals ---------------------------------------------------------------------------------

static SEEN: AtomicI32 = AtomicI32::new(0);
static LOCK: Mutex<i32> = Mutex::new(0);

extern "C" fn on_signal(_: c_int) {
    SEEN.fetch_add(1, Ordering::SeqCst);
    SEEN.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn on_signal_lock(_: c_int) {
    *LOCK.lock().unwrap() += 1;
}

fn handle(number: c_int, handler: extern "C" fn(c_int)) {
    unsafe {
        signal(number, handler as *const () as usize);
    }
}

fn handler() {
    handle(SIGUSR1, on_signal);
    let (sender, receiver) = mpsc::channel();
    let sending = thread::spawn(move || {
        for _ in 0..5 {
            assert_eq!(0, unsafe { kill(getpid(), SIGUSR1) });
        }
        while SEEN.load(Ordering::SeqCst) < 10 {
            thread::yield_now();
        }
        sender.send(SEEN.load(Ordering::SeqCst)).unwrap();
    });
    println!("{}", receiver.recv().unwrap());
    sending.join().unwrap();
}

fn handler_lock() {
    handle(SIGINT, on_signal_lock);
    let ticking = thread::spawn(|| loop {
        thread::sleep(Duration::from_millis(100));
    });
    let held = LOCK.lock().unwrap();
    assert_eq!(0, unsafe { raise(SIGINT) });
    drop(held);
    ticking.join().unwrap();
}

fn only(number: c_int) -> SignalSet {
    let mut set = SignalSet([0; 16]);
    unsafe {
        sigemptyset(&mut set);
        sigaddset(&mut set, number);
    }
    set
}

fn signal_waits() {
    let set = only(SIGUSR1);
    unsafe { pthread_sigmask(0, &set, std::ptr::null_mut()) };
    let waiting = thread::spawn(move || unsafe {
        let mut number = 0;
        sigwait(&set, &mut number);
        let time = Time {
            seconds: 5,
            parts: 0,
        };
        println!(
            "{number} {}",
            sigtimedwait(&set, std::ptr::null_mut(), &time)
        );
    });
    thread::sleep(Duration::from_secs(1));
    assert_eq!(0, unsafe { kill(getpid(), SIGUSR1) });
    waiting.join().unwrap();
}

fn paused() {
    handle(SIGALRM, on_signal);
    let begun = Instant::now();
    let other = thread::spawn(|| thread::sleep(Duration::from_secs(1)));
    unsafe {
        alarm(30);
        assert_eq!(-1, pause());
    }
    other.join().unwrap();
    println!(
        "{} {}",
        begun.elapsed().as_secs(),
        SEEN.load(Ordering::SeqCst)
    );
}

// --- time ------------------------------------------------------------------------------------

fn now(clock: c_int) -> i64 {
    let mut moment = Time::default();
    assert_eq!(0, unsafe { clock_gettime(clock, &mut moment) });
    moment.seconds
}

/// A file that is written in a run is as old as the program's clocks say.
fn file_times() {
    let place = env::temp_dir().join(format!("file-times-{}", unsafe { getpid() }));
    let age = |time: SystemTime| SystemTime::now().duration_since(time).unwrap().as_secs();
    let modified = || age(fs::metadata(&place).unwrap().modified().unwrap());
    let mut ages = Vec::new();
    fs::write(&place, "a").unwrap();
    thread::sleep(Duration::from_secs(10));
    ages.push(modified());
    let mut file = OpenOptions::new().append(true).open(&place).unwrap();
    file.write_all(b"b").unwrap();
    ages.push(modified());
    ages.push(age(file.metadata().unwrap().created().unwrap()));
    thread::sleep(Duration::from_secs(5));
    drop(OpenOptions::new().append(true).create(true).open(&place).unwrap());
    ages.push(modified());
    file.set_len(1).unwrap();
    ages.push(modified());
    assert_eq!(0, unsafe { futimens(file.as_raw_fd(), &[Time { seconds: 1, parts: 0 }; 2]) });
    ages.push((age(UNIX_EPOCH) - modified()) / 10);
    fs::remove_file(&place).unwrap();
    assert!(age(fs::metadata(env::current_exe().unwrap()).unwrap().modified().unwrap()) > 0);
    println!("{ages:?}");
}

fn clocks() {
    let read = || unsafe {
        let mut day = Time::default();
        gettimeofday(&mut day, std::ptr::null_mut());
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs() as i64;
        let calendar = [
            now(0),
            now(5),
            now(11),
            day.seconds,
            since,
            time(std::ptr::null_mut()),
        ];
        let machine = [now(1), now(4), now(6), now(7)];
        (calendar, machine, now(2), now(3))
    };
    let (calendar, machine, process, own) = read();
    assert!(
        calendar.iter().all(|moment| *moment == calendar[0]),
        "{calendar:?}"
    );
    assert!(
        machine.iter().all(|moment| *moment == machine[0]),
        "{machine:?}"
    );
    thread::spawn(|| thread::sleep(Duration::from_secs(7)))
        .join()
        .unwrap();
    let later = read();
    assert!(later.0.iter().zip(calendar).all(|(a, b)| a - b == 7));
    assert!(later.1.iter().zip(machine).all(|(a, b)| a - b == 7));
    println!("{} {}", later.2 - process, later.3 - own);
}

fn rung() {
    let begun = Instant::now();
    let left = unsafe {
        handle(SIGALRM, on_signal);
        ualarm(900_000, 0);
        ualarm(20_000, 0)
    };
    while SEEN.load(Ordering::SeqCst) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    let passed = begun.elapsed().as_millis();
    println!("{} {}", left / 1000, (20..25).contains(&passed));
}

fn timers() {
    unsafe {
        handle(SIGALRM, on_signal);
        let mut timer = std::ptr::null_mut();
        assert_eq!(0, timer_create(1, std::ptr::null_mut(), &mut timer));
        let each = Time {
            seconds: 2,
            parts: 0,
        };
        assert_eq!(
            0,
            timer_settime(timer, 0, &[each, each], std::ptr::null_mut())
        );
        let fd = timerfd_create(1, 0);
        assert_eq!(
            0,
            timerfd_settime(fd, 0, &[each, each], std::ptr::null_mut())
        );
        let reading = thread::spawn(move || {
            let mut bytes = [0; 8];
            let begun = Instant::now();
            File::from_raw_fd(fd).read_exact(&mut bytes).unwrap();
            (begun.elapsed().as_secs(), u64::from_ne_bytes(bytes))
        });
        let (seconds, times) = reading.join().unwrap();
        while SEEN.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        println!("{seconds} {times}");
    }
}

/// Nobody else is there, and who spins asks for nothing but a flag.
fn spun_alone() {
    handle(SIGALRM, on_signal);
    unsafe { alarm(30) };
    let begun = Instant::now();
    while SEEN.load(Ordering::SeqCst) == 0 {
        std::hint::spin_loop();
    }
    println!("{}", begun.elapsed().as_secs());
}

/// What sigevent(7) says: its value, its signal, how to notify, and what to call.
#[repr(C)]
struct Event {
    value: usize,
    signal: c_int,
    notify: c_int,
    function: extern "C" fn(usize),
    attributes: *const c_void,
    rest: [u64; 4],
}

const SIGEV_THREAD: c_int = 2;
static CALLED: Mutex<Vec<(usize, u128)>> = Mutex::new(Vec::new());

extern "C" fn called(value: usize) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    CALLED.lock().unwrap().push((value, now.as_millis()));
}

/// A timer starts a thread each time; only virtual time passes meanwhile.
fn threads_by_timer() {
    let mut event = Event {
        value: 7,
        signal: 0,
        notify: SIGEV_THREAD,
        function: called,
        attributes: std::ptr::null(),
        rest: [0; 4],
    };
    let each = Time {
        seconds: 3600,
        parts: 0,
    };
    let event: *mut Event = &mut event;
    unsafe {
        let mut timer = std::ptr::null_mut();
        assert_eq!(0, timer_create(1, event.cast(), &mut timer));
        assert_eq!(
            0,
            timer_settime(timer, 0, &[each, each], std::ptr::null_mut())
        );
    }
    while CALLED.lock().unwrap().len() < 3 {
        thread::sleep(Duration::from_secs(60));
    }
    let called = CALLED.lock().unwrap();
    let hours = (called[2].1 - called[0].1 + 600_000) / 3_600_000;
    println!("{} {hours}", called[0].0);
}

/// Many times in turn: a wait for what a timer brings, and one for its signal.
fn ticking() {
    let each = Time {
        seconds: 0,
        parts: 1_000_000,
    };
    let mut ticks = 0;
    unsafe {
        let fd = timerfd_create(1, 0);
        assert_eq!(
            0,
            timerfd_settime(fd, 0, &[each, each], std::ptr::null_mut())
        );
        let mut timer = File::from_raw_fd(fd);
        handle(SIGALRM, on_signal);
        for _ in 0..20 {
            let mut bytes = [0; 8];
            timer.read_exact(&mut bytes).unwrap();
            ticks += u64::from_ne_bytes(bytes);
            ualarm(1000, 0);
            pause();
        }
    }
    println!("{} {}", ticks >= 20, SEEN.load(Ordering::SeqCst));
}

// --- calls past the C library ----------------------------------------------------------------

#[cfg(target_arch = "x86_64")]
fn raw(number: i64, arguments: [i64; 3]) -> i64 {
    let mut result = number;
    unsafe {
        asm!("syscall", inout("rax") result, in("rdi") arguments[0], in("rsi") arguments[1],
             in("rdx") arguments[2], out("rcx") _, out("r11") _);
    }
    result
}

#[cfg(target_arch = "x86_64")]
fn raw_calls() {
    let (reader, mut writer) = a_pipe();
    let reading = thread::spawn(move || {
        let mut bytes = [0u8; 1];
        let got = raw(
            0,
            [i64::from(reader.as_raw_fd()), bytes.as_mut_ptr() as i64, 1],
        );
        let mut moment = Time::default();
        assert_eq!(0, raw(228, [1, &mut moment as *mut Time as i64, 0]));
        println!("{got} {}", moment.seconds - now(1));
    });
    writer.write_all(b"x").unwrap();
    reading.join().unwrap();
}

/// The kernel's own code for that, as it says itself in the tables of its image.
#[cfg(target_arch = "x86_64")]
unsafe fn in_kernels_image(name: &str) -> usize {
    const AT_SYSINFO_EHDR: u64 = 33;
    let base = getauxval(AT_SYSINFO_EHDR) as usize;
    let read = |at: usize, size: usize| {
        (0..size).fold(0usize, |sum, i| {
            sum | usize::from(*((at + i) as *const u8)) << (8 * i)
        })
    };
    let parts = base + read(base + 32, 8);
    let (mut moved, mut dynamic) = (0, 0);
    for i in 0..read(base + 56, 2) {
        let part = parts + i * 56;
        match read(part, 4) {
            1 => moved = (base + read(part + 8, 8)).wrapping_sub(read(part + 16, 8)),
            2 => dynamic = base + read(part + 8, 8),
            _ => {}
        }
    }
    let entry = |tag: usize| {
        let mut at = dynamic;
        while read(at, 8) != tag {
            assert_ne!(0, read(at, 8), "no table {tag}");
            at += 16;
        }
        moved.wrapping_add(read(at + 8, 8))
    };
    let (names, mut symbol) = (entry(5), entry(6));
    while symbol < names {
        let at = (names + read(symbol, 4)) as *const c_char;
        if CStr::from_ptr(at).to_str() == Ok(name) {
            return moved.wrapping_add(read(symbol + 8, 8));
        }
        symbol += 24;
    }
    panic!("no {name}")
}

/// One moment after the other, asked for in every way that there is: by the C library, past it by the
/// kernel's own code, and by system calls made by number and by hand.
#[cfg(target_arch = "x86_64")]
fn all_clocks() {
    type ClockGettime = extern "C" fn(c_int, *mut Time) -> c_int;
    type Gettimeofday = extern "C" fn(*mut Time, *mut c_void) -> c_int;
    type Seconds = extern "C" fn(*mut i64) -> i64;
    let ways = unsafe {
        let clock: ClockGettime = std::mem::transmute(in_kernels_image("__vdso_clock_gettime"));
        let day: Gettimeofday = std::mem::transmute(in_kernels_image("__vdso_gettimeofday"));
        let seconds: Seconds = std::mem::transmute(in_kernels_image("__vdso_time"));
        move |which: c_int| {
            let mut told = [Time::default(); 5];
            assert_eq!(0, clock_gettime(which, &mut told[0]));
            assert_eq!(0, clock(which, &mut told[1]));
            let place = |time: &mut Time| time as *mut Time as i64;
            assert_eq!(0, raw(228, [which.into(), place(&mut told[2]), 0]));
            assert_eq!(0, syscall(228, which, &mut told[3]));
            assert_eq!(0, clock(which, &mut told[4]));
            let mut days = [Time::default(); 3];
            assert_eq!(0, gettimeofday(&mut days[0], std::ptr::null_mut()));
            assert_eq!(0, day(&mut days[1], std::ptr::null_mut()));
            assert_eq!(0, raw(96, [place(&mut days[2]), 0, 0]));
            let whole = [
                time(std::ptr::null_mut()),
                seconds(std::ptr::null_mut()),
                raw(201, [0, 0, 0]),
            ];
            (told, days, whole)
        }
    };
    let check = move || {
        for which in [0, 1, 4, 7] {
            let (told, days, whole) = ways(which);
            let told = told.map(|time| time.seconds * 1_000_000_000 + time.parts);
            assert!(
                told.windows(2).all(|two| two[0] < two[1]),
                "{which}: {told:?}"
            );
            assert!(told[4] - told[0] < 1_000_000, "{which}: {told:?}");
            let days = days.map(|time| time.seconds * 1_000_000 + time.parts);
            assert!(days.windows(2).all(|two| two[0] <= two[1]), "{days:?}");
            assert!(days[2] - days[0] < 1_000, "{days:?}");
            assert!(whole.iter().all(|second| *second == days[0] / 1_000_000));
        }
        ways(0).2[0]
    };
    let before = check();
    let inside = thread::spawn(move || {
        thread::sleep(Duration::from_secs(5000));
        check()
    });
    println!("{} {}", inside.join().unwrap() - before, check() - before);
}

/// Machine code without a call goes round until it is told.
#[cfg(target_arch = "x86_64")]
fn spinning() {
    static WORD: AtomicU32 = AtomicU32::new(0);
    let spun = thread::spawn(|| {
        unsafe {
            asm!("2:", "mov {value:e}, dword ptr [{place}]", "pause", "test {value:e}, {value:e}",
                 "jz 2b", place = in(reg) &WORD, value = out(reg) _);
        }
        println!("spun");
    });
    println!("setting");
    WORD.store(1, Ordering::SeqCst);
    spun.join().unwrap();
}

/// Machine code without a call that gets somewhere by itself, and takes its time.
#[cfg(target_arch = "x86_64")]
fn counting() {
    let counted = thread::spawn(|| {
        let left: u64;
        unsafe {
            asm!("2:", "dec {left}", "jnz 2b", left = inout(reg) 600_000_000u64 => left);
        }
        println!("counted to {left}");
    });
    counted.join().unwrap();
}

/// A call that nobody foresaw: the bytes go from pipe to pipe without a read.
fn spliced() {
    let (reader, mut writer) = a_pipe();
    let (mut out, into) = a_pipe();
    let moving = thread::spawn(move || unsafe {
        let nowhere = std::ptr::null_mut();
        splice(reader.as_raw_fd(), nowhere, into.as_raw_fd(), nowhere, 1, 0)
    });
    println!("writing");
    writer.write_all(b"x").unwrap();
    let mut byte = [0];
    out.read_exact(&mut byte).unwrap();
    println!("{} {}", moving.join().unwrap(), byte[0]);
}

static LATE_KEY: AtomicU32 = AtomicU32::new(0);
static LATE_END: AtomicI32 = AtomicI32::new(0);

/// The last of all that a thread does, in its fourth and last round: it has long finished by then.
extern "C" fn compute_and_write(round: usize) {
    if round < 4 {
        unsafe { pthread_setspecific(LATE_KEY.load(Ordering::Relaxed), round + 1) };
        return;
    }
    let mut sum = 1u64;
    for i in 0..1_000_000u64 {
        sum = sum.wrapping_mul(6364136223846793005).wrapping_add(i);
    }
    let byte = (sum | 1) as u8;
    unsafe { write(LATE_END.load(Ordering::Relaxed), &byte, 1) };
}

/// Main waits, past control, for what a thread does on its way out, and another could go on.
fn late_waker() {
    let (reader, writer) = a_pipe();
    let (_out, into) = a_pipe();
    let mut key = 0;
    thread::spawn(|| ()).join().unwrap();
    assert_eq!(0, unsafe {
        pthread_key_create(&mut key, compute_and_write)
    });
    LATE_KEY.store(key, Ordering::Relaxed);
    LATE_END.store(writer.as_raw_fd(), Ordering::Relaxed);
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        unsafe { pthread_setspecific(key, 1) };
        tell.send(()).unwrap();
    });
    told.recv().unwrap();
    let other = thread::spawn(|| println!("other"));
    let nowhere = std::ptr::null_mut();
    unsafe { splice(reader.as_raw_fd(), nowhere, into.as_raw_fd(), nowhere, 1, 0) };
    println!("woken");
    other.join().unwrap();
}

fn computing() {
    let worker = thread::spawn(|| {
        let mut sum = 1u64;
        for i in 0..3_000_000u64 {
            sum = sum.wrapping_mul(6364136223846793005).wrapping_add(i);
        }
        sum
    });
    println!("{}", worker.join().unwrap() != 0);
}

// --- processes -------------------------------------------------------------------------------

fn spawned() {
    let output = Command::new("echo").arg("child").output().unwrap();
    print!("{}", String::from_utf8(output.stdout).unwrap());
}

fn forked() {
    unsafe {
        if fork() == 0 {
            _exit(7);
        }
        let waiting = thread::spawn(|| {
            let mut status = 0;
            assert!(wait(&mut status) > 0);
            status >> 8
        });
        println!("{}", waiting.join().unwrap());
    }
}

/// Looks for the end of a child now and then, for half a minute: time enough for one that is quick.
fn watched() {
    let mut child = Command::new("true").spawn().unwrap();
    for _ in 0..3000 {
        if child.try_wait().unwrap().is_some() {
            return println!("ended");
        }
        thread::sleep(Duration::from_millis(10));
    }
    println!("too slow");
}

fn replaced() {
    thread::spawn(|| println!("before")).join().unwrap();
    let program = CString::new("/bin/echo").unwrap();
    let word = CString::new("after").unwrap();
    let missing = CString::new("/no/such/program").unwrap();
    let arguments = [program.as_ptr(), word.as_ptr(), std::ptr::null()];
    unsafe {
        assert_eq!(-1, execv(missing.as_ptr(), arguments.as_ptr()));
        thread::spawn(|| println!("still there")).join().unwrap();
        execv(program.as_ptr(), arguments.as_ptr());
    }
}

// --- randomness ------------------------------------------------------------------------------

fn drawn() {
    let draw = || {
        let mut bytes = [0u8; 8];
        File::open("/dev/urandom")
            .unwrap()
            .read_exact(&mut bytes)
            .unwrap();
        u64::from_ne_bytes(bytes)
    };
    let other = thread::spawn(draw);
    let own = draw();
    println!("{own:x} {:x}", other.join().unwrap());
}

// --- polling ---------------------------------------------------------------------------------

fn poller() {
    let done = AtomicBool::new(false);
    let rounds = thread::scope(|scope| {
        let polling = scope.spawn(|| {
            let mut rounds = 0;
            while !done.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(100));
                rounds += 1;
            }
            rounds
        });
        scope.spawn(|| {
            for _ in 0..200 {
                thread::yield_now();
            }
            println!("said");
            done.store(true, Ordering::SeqCst);
        });
        polling.join().unwrap()
    });
    assert!(rounds < 1000, "{rounds} rounds");
}

/// Two that poll leave the third no processor, if their timeouts come as early as can be.
fn pollers() {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(100));
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                thread::yield_now();
            }
            println!("said");
            done.store(true, Ordering::SeqCst);
        });
    });
}

/// Begins to talk with another machine, then waits for an answer that takes its time.
fn beyond(port: u16) {
    // Nobody has this address (RFC 5737).
    let elsewhere = SocketAddr::from(([192, 0, 2, 1], 9));
    let _unreached = TcpStream::connect_timeout(&elsewhere, Duration::from_millis(1));
    let mut near = TcpStream::connect(("127.0.0.1", port)).unwrap();
    near.set_read_timeout(Some(Duration::from_secs(3600)))
        .unwrap();
    let mut text = String::new();
    near.read_to_string(&mut text).unwrap();
    println!("{text}");
}

fn main() {
    match env::args().nth(1).unwrap().as_str() {
        "dont-wait" => dont_wait(),
        "file-locks" => file_locks(),
        "full-pipe" => full_pipe(),
        "full-socket" => full_socket(),
        "multiplexed" => multiplexed(),
        "alone" => alone(&env::args().nth(2).unwrap()),
        "handler" => handler(),
        "handler-lock" => handler_lock(),
        "signal-waits" => signal_waits(),
        "paused" => paused(),
        "clocks" => clocks(),
        "file-times" => file_times(),
        "timers" => timers(),
        "rung" => rung(),
        "ticking" => ticking(),
        "spun-alone" => spun_alone(),
        "threads-by-timer" => threads_by_timer(),
        #[cfg(target_arch = "x86_64")]
        "raw-calls" => raw_calls(),
        #[cfg(target_arch = "x86_64")]
        "all-clocks" => all_clocks(),
        #[cfg(target_arch = "x86_64")]
        "spinning" => spinning(),
        #[cfg(target_arch = "x86_64")]
        "counting" => counting(),
        "spliced" => spliced(),
        "late-waker" => late_waker(),
        "computing" => computing(),
        "spawned" => spawned(),
        "forked" => forked(),
        "watched" => watched(),
        "beyond" => beyond(env::args().nth(2).unwrap().parse().unwrap()),
        "replaced" => replaced(),
        "drawn" => drawn(),
        "poller" => poller(),
        "pollers" => pollers(),
        other => panic!("no feature {other}"),
    }
}
