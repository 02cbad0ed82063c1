//! One child ends in time, and another does not.
//!
//! When the time is up, nothing happens to the child by itself: the parent
//! has to end it, and to wait for it once more. The standard library has no
//! wait with a timeout, but a child can be looked at from time to time.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

fn ends_within(timeout: Duration, child: &mut Child) -> io::Result<bool> {
    let deadline = Instant::now() + timeout;
    while child.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(true)
}

// 1. Wait, but not for ever
fn sleep(seconds: u32, timeout: Duration) -> io::Result<()> {
    let mut child = Command::new("sleep").arg(seconds.to_string()).spawn()?;
    if ends_within(timeout, &mut child)? {
        let code = child.wait()?.code().unwrap();
        println!("sleep {seconds}: code {code}");
    } else {
        // 2. It runs on: end it, and wait until it is gone
        println!("sleep {seconds}: too slow");
        child.kill()?;
        let signal = child.wait()?.signal().unwrap();
        println!("sleep {seconds}: ended by signal {signal}");
    }
    Ok(())
}

fn main() -> io::Result<()> {
    sleep(0, Duration::from_secs(30))?;
    sleep(60, Duration::from_millis(100))
}
