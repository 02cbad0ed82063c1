#!/usr/bin/env bash
# Two exhaustive checkers pass a wait that the standard library's contract does not allow.
#
# `Condvar::wait` may wake for nothing, and `compare_exchange_weak` may fail for nothing: the standard
# library says so of both. A wait under an `if` in the place of a `while`, and a single weak exchange
# that must succeed, are therefore wrong. loom 0.7.3 and shuttle 0.9.10, asked to try everything, find
# neither; shuttle does let `park` return for nothing, and finds that.
#
# Seen with rustc 1.95.0 on Linux x86-64:
#   loom,    condition, weak exchange:        all executions pass
#   shuttle, condition, weak exchange:        all executions pass
#   shuttle, park in the place of a loop:     "woken for nothing"
#
# Exits with 0 as long as that is so. Needs cargo and the registry.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "woken-for-nothing"
version = "0.0.0"
edition = "2021"

[dependencies]
loom = "=0.7.3"
shuttle = "=0.9.10"
TOML
cat > src/main.rs <<'RUST'
macro_rules! programs {
    ($name:ident, $library:ident) => {
        mod $name {
            use $library::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
            use $library::sync::{Arc, Condvar, Mutex};
            use $library::thread;

            pub fn condition() {
                let shared = Arc::new((Mutex::new(false), Condvar::new()));
                let theirs = shared.clone();
                let worker = thread::spawn(move || {
                    *theirs.0.lock().unwrap() = true;
                    theirs.1.notify_one();
                });
                let mut ready = shared.0.lock().unwrap();
                if !*ready {
                    ready = shared.1.wait(ready).unwrap();
                    assert!(*ready, "woken for nothing");
                }
                drop(ready);
                worker.join().unwrap();
            }

            pub fn exchange() {
                let number = AtomicUsize::new(0);
                assert!(number.compare_exchange_weak(0, 1, SeqCst, SeqCst).is_ok());
            }

            pub fn park() {
                let ready = Arc::new(AtomicBool::new(false));
                let (theirs, main) = (ready.clone(), thread::current());
                let worker = thread::spawn(move || {
                    theirs.store(true, SeqCst);
                    main.unpark();
                });
                thread::park();
                assert!(ready.load(SeqCst), "woken for nothing");
                worker.join().unwrap();
            }
        }
    };
}

programs!(by_loom, loom);
programs!(by_shuttle, shuttle);

fn main() {
    let case = std::env::args().nth(1).unwrap();
    match case.as_str() {
        "loom-condition" => loom::model(by_loom::condition),
        "loom-exchange" => loom::model(by_loom::exchange),
        "loom-park" => loom::model(by_loom::park),
        "shuttle-condition" => drop(shuttle::check_dfs(by_shuttle::condition, None)),
        "shuttle-exchange" => drop(shuttle::check_dfs(by_shuttle::exchange, None)),
        "shuttle-park" => drop(shuttle::check_dfs(by_shuttle::park, None)),
        _ => unreachable!(),
    }
    println!("all executions pass");
}
RUST
unset RUST_BACKTRACE
cargo build --quiet

changed=0
expect() { # CASE TEXT: what the program says holds the text
  local said
  said=$(timeout 60 ./target/debug/woken-for-nothing "$1" 2>&1 || true)
  if grep -qF "$2" <<< "$said"; then
    echo "as before: $1: $2"
  else
    echo "changed: $1 no longer says \"$2\" but:"; echo "$said"; changed=1
  fi
}
expect loom-condition "all executions pass"
expect loom-exchange "all executions pass"
expect loom-park "all executions pass"
expect shuttle-condition "all executions pass"
expect shuttle-exchange "all executions pass"
expect shuttle-park "woken for nothing"
exit $changed
