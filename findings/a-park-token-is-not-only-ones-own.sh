#!/usr/bin/env bash
# The standard library's own waits give and take park tokens that the program has not asked for.
#
# A token that a thread was given by `unpark` is there until that thread parks: so most would read
# `std::thread::park`. But `mpsc::Receiver::recv` parks inside, and takes it with it; and the
# last thread of a `thread::scope` unparks the scope's owner as it ends: if that was not parked for it,
# the token stays behind, and a later `park` returns though the program never unparked anybody.
#
# Seen with rustc 1.95.0 on Linux x86-64, `park_timeout(300 ms)` in the place of `park`:
#   unpark, then park_timeout:                        returns at once
#   unpark, then a recv that waits, then the same:    waits the whole time
#   a scope whose thread ends before the scope does, then the same: returns at once
#   neither, then the same:                           waits the whole time
#
# Exits with 0 as long as that is so. Needs cargo; no registry.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > tokens.rs <<'RUST'
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Whether a thread that parks now goes on without waiting.
fn has_token() -> bool {
    let wait = Duration::from_millis(300);
    let start = Instant::now();
    thread::park_timeout(wait);
    start.elapsed() < wait
}

fn recv_that_waits() {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        sender.send(()).unwrap();
    });
    receiver.recv().unwrap();
    worker.join().unwrap();
}

fn scope_whose_thread_ends_first() {
    thread::scope(|scope| {
        scope.spawn(|| {});
        thread::sleep(Duration::from_millis(200));
    });
}

fn main() {
    println!("neither: {}", has_token());
    thread::current().unpark();
    println!("unpark: {}", has_token());
    thread::current().unpark();
    recv_that_waits();
    println!("unpark, recv: {}", has_token());
    scope_whose_thread_ends_first();
    println!("scope: {}", has_token());
}
RUST
rustc --edition 2021 -O tokens.rs
said=$(timeout 120 ./tokens)
expected='neither: false
unpark: true
unpark, recv: false
scope: true'
echo "$said"
if [ "$said" = "$expected" ]; then echo "as before"; else echo "changed; before:"; echo "$expected"; exit 1; fi
