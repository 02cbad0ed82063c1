"""What a new pair starts from: a small true example, to be changed step by step.

What begins with ``$`` is filled in.
"""

PYTHON = '''\
"""A thread does its steps and hands its result over when it is joined."""

import threading

STEPS = 3

made = 0


# 1. What the thread does
def work() -> None:
    global made
    for _ in range(STEPS):
        print(f"step {made}")
        made += 1


def main() -> None:
    # 2. Start the thread
    thread = threading.Thread(target=work)
    thread.start()

    # 3. Wait until it has ended, then use what it made
    thread.join()
    print(f"steps: {made}")


if __name__ == "__main__":
    main()
'''

RUST = """\
//! A thread does its steps and hands its result over when it is joined.

use std::thread;

const STEPS: u32 = 3;

// 1. What the thread does
fn work() -> u32 {
    let mut made = 0;
    for _ in 0..STEPS {
        println!("step {made}");
        made += 1;
    }
    made
}

fn main() {
    // 2. Start the thread
    let handle = thread::spawn(work);

    // 3. Wait until it has ended, then use what it made
    let made = handle.join().unwrap();
    println!("steps: {made}");
}
"""

MANIFEST = """\
[package]
name = "$name"
version = "0.1.0"
edition = "2021"
rust-version = "1.63"
publish = false
"""

SPEC = """\
title   = "$title"
summary = "A thread does three steps; who joins it has all of them, and their number."

[events]
step  = "step {i:d}"
total = "steps: {n:d}"

[always.every-step-is-made]
why    = "the thread is waited for, so that none of its steps is lost"
values = { of = "step.i", are = "0..3" }

[always.the-number-is-told]
why    = "what the thread made is there once it has been joined"
values = { of = "total.n", are = [3] }

[always.the-number-comes-last]
why   = "join returns only when the thread has ended: all its steps come before what main says"
order = { chain = ["step", "total"] }
"""

COMPARED = """\

[always.same-text]
why       = "the join leaves one order only, in both languages"
agreement = { of = "output" }
"""

EARLY = """\
["the number is told before the thread starts"]
breaks = ["the-number-is-told", "the-number-comes-last"$compared]
"""

PYTHON_EARLY = """\
python = { after = "# 2. Start the thread", add = 'print("steps: 0")' }
"""

RUST_EARLY = """\
rust   = { after = "// 2. Start the thread", add = 'println!("steps: 0");' }
"""

SHORT = """\

["one step is left out"]
breaks = ["every-step-is-made", "the-number-is-told"$compared]
"""

PYTHON_SHORT = """\
python = { replace = "range(STEPS)", with = "range(STEPS - 1)" }
"""

RUST_SHORT = """\
rust   = { replace = "0..STEPS", with = "1..STEPS" }
"""

WORKSPACE = """\
[workspace]
resolver = "2"
members = []
default-members = []
"""

CORPUS = """\
title = "$title"
# lead = "What its pages say of it all."
languages = ["en"] # of its pages; "ko" beside it for Korean ones, too

# The order of reading, if you want one other than that of the alphabet:
# [topics.first-steps]
# title    = "First steps"
# examples = ["three-steps"]
"""

IGNORED = """\
__pycache__/
target/
.harness/
"""

WORKFLOW = """\
# Builds, runs and judges the pairs in $corpus on every push.
name: pairs

on: [push, pull_request]

permissions:
  contents: read

jobs:
  verify:
    runs-on: ubuntu-latest # has cargo and a C compiler
    timeout-minutes: 30
    env:
      # What pip is to install: a name, git+https://..., or a wheel in this repository.
      HARNESS: $distribution
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install --quiet "$$HARNESS"
      - run: harness verify --corpus "$corpus" --report github
"""
