"""Is anything proved of programs that only an odd path leads astray? None of ``odd.toml`` may be.

Daemons, exits in threads, limits, clocks, hashes, addresses, what Python lets a program change of
its own classes: each program prints "bad" under some schedule, or for some reader.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from harness.authoring.scaffold import scaffold
from harness.values.program import Side

PROGRAMS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("odd.toml").read_text(encoding="utf-8")
)

SPEC = """title = "Odd"
summary = "It is good, or bad."

[events]
good = "good"

[always.good-once]
why = "it is good"
count = { of = "good", is = 1 }
"""

HEAD = """#![allow(unused_imports, dead_code)]
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::*};
use std::sync::mpsc::*;
use std::sync::*;
use std::thread;
use std::time::*;
static X: AtomicU32 = AtomicU32::new(0);
static Y: AtomicU32 = AtomicU32::new(0);
fn told(bad: bool) { println!("{}", if bad { "bad" } else { "good" }); }
"""

INCLUDED = """static mut N: u32 = 0;
fn up() { unsafe { N += 1; } }
fn get() -> u32 { unsafe { N } }
"""
"""What one of the Rust programs has from another file."""


def write(place: Path, side: Side, names: tuple[str, ...] = ()) -> None:
    """Write the programs of a side as examples of a corpus; these alone, if any are named."""
    for name, text in PROGRAMS[side.value].items():
        if names and name not in names:
            continue
        directory = scaffold(place, "topic", name, (side,)).directory
        (directory / "breaks.toml").unlink()
        (directory / "example.toml").write_text(SPEC)
        if side is Side.PYTHON:
            (directory / "main.py").write_text(text)
        else:
            (directory / "src" / "main.rs").write_text(HEAD + text)
            (directory / "src" / "odd.txt").write_text(INCLUDED)


def proved(place: Path, side: Side, state: Path) -> Iterator[str]:
    """The examples of a corpus of which a verification says that they are proved."""
    report = place / "report.jsonl"
    words = ("--corpus", place, "--side", side.value, "--state-dir", state)
    few = ("--runs", "1", "--schedules", "4", "--jobs", "1", "--report", f"json={report}")
    command = [sys.executable, "-m", "harness", "verify", *map(str, words), *few]
    subprocess.run(command, capture_output=True, check=False)
    for line in map(json.loads, report.read_text(encoding="utf-8").splitlines()):
        if line["kind"] == "verdict" and line.get("is_proved"):
            yield line["example"]


def report() -> None:
    """Print how many there are of each side, and each that is proved."""
    for side in Side:
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(scratch)
            write(place / "corpus", side)
            wrong = list(proved(place / "corpus", side, place / "state"))
            print(f"odd: {side.value}: {len(PROGRAMS[side.value])} programs, "
                  f"{len(wrong)} proved {' '.join(wrong)}", flush=True)  # fmt: skip
