#!/usr/bin/env bash
# loom 0.7.3 refuses a right program in which a thread is unparked while it joins another.
#
# The standard library: `unpark` makes the thread's token available; `join` knows nothing of it, and a
# later `park` returns at once. loom: `unpark` lets go on whoever is blocked, in `join` as well, which
# then fails an assertion of loom's own.
#
# Seen with rustc 1.95.0 and loom 0.7.3 on Linux x86-64:
#   std:   ends 1,000 times of 1,000
#   loom:  assertion failed: state.notified
#
# Exits with 0 as long as that is so. Needs cargo and the registry.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "unparked-elsewhere"
version = "0.0.0"
edition = "2021"

[dependencies]
loom = "=0.7.3"
TOML
cat > src/main.rs <<'RUST'
macro_rules! programs {
    ($name:ident, $library:ident) => {
        mod $name {
            use $library::thread;

            pub fn join() {
                let main = thread::current();
                let worker = thread::spawn(move || main.unpark());
                worker.join().unwrap();
                thread::park();
            }
        }
    };
}

programs!(real, std);
programs!(model, loom);

fn main() {
    let case = std::env::args().nth(1).unwrap();
    match case.as_str() {
        "std-join" => (0..1000).for_each(|_| real::join()),
        "loom-join" => loom::model(model::join),
        _ => unreachable!(),
    }
    println!("ends");
}
RUST
unset RUST_BACKTRACE
cargo build --quiet

changed=0
expect() { # CASE TEXT: what the program says holds the text
  local said
  said=$(timeout 60 ./target/debug/unparked-elsewhere "$1" 2>&1 || true)
  if grep -qF "$2" <<< "$said"; then
    echo "as before: $1: $2"
  else
    echo "changed: $1 no longer says \"$2\" but:"; echo "$said"; changed=1
  fi
}
expect std-join "ends"
expect loom-join "assertion failed: state.notified"
exit $changed
