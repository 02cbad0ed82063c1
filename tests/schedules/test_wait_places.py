"""Addresses of a Rust program's threads, put into words."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.schedules.deadlock import deadlock_lines
from harness.schedules.places import Frame, located, read_frames, short_name
from harness.schedules.record import Record, Waiting

SAID = """\
std::sys::pal::unix::futex::futex_wait
/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/std/src/sys/pal/unix/futex.rs:73
<std::sync::poison::mutex::Mutex<i32>>::lock
/home/reader/.rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/sync/mutex.rs:492
pair::main::{closure#0}
/work/pair/src/main.rs:10 (discriminator 2)
??
??:0
"""


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("<std::sync::poison::mutex::Mutex<i32>>::lock", "Mutex::lock"),
        ("std::sync::mutex::Mutex<T>::lock::h0123456789abcdef", "Mutex::lock"),
        ("<std::sync::poison::condvar::Condvar>::wait::<bool>", "Condvar::wait"),
        ("<std::sync::mpsc::Receiver<alloc::vec::Vec<u8>>>::recv", "Receiver::recv"),
        ("<alloc::sync::Arc<T> as core::ops::drop::Drop>::drop", "Arc::drop"),
        ("std::thread::functions::park", "park"),
        ("std::thread::scoped::scope::<main::{closure#0}, ()>", "scope"),
        ("main", "main"),
        ("<unbalanced", "<unbalanced"),
        ("??", "??"),
    ],
)
def test_a_function_has_the_name_that_a_reader_calls_it(function: str, expected: str) -> None:
    """Type and method, or the function alone, in either of rustc's ways of writing names."""
    assert expected == short_name(function)


def test_frames_are_read_and_the_program_told_from_the_libraries() -> None:
    """Only the program's own frame is not foreign; an address that nobody knows is."""
    frames = tuple(read_frames(SAID.splitlines()))
    assert Frame("pair::main::{closure#0}", "/work/pair/src/main.rs", 10) == frames[2]
    assert [True, True, False, True] == [frame.is_foreign for frame in frames]


@pytest.mark.parametrize("name", ["no-such-file", "no-program"])
def test_without_debug_information_a_wait_keeps_its_kind(tmp_path: Path, name: str) -> None:
    """Nothing is made up for a file that is not there, or no executable."""
    (tmp_path / "no-program").write_text("text")
    wait = Waiting(thread=1, kind="futex", addresses=(0x1234,))
    assert (wait,) == located([wait], tmp_path / name, tmp_path)
    record = Record(end="deadlock", waiting=(wait,))
    assert ("thread 1 waits: futex",) == deadlock_lines(record)


def test_a_place_that_is_known_stays_as_it_is(tmp_path: Path) -> None:
    """A Python program's places come from its interpreter."""
    wait = Waiting(thread=1, kind="lock", place="main.py:8")
    assert (wait,) == located([wait], tmp_path / "python", tmp_path)
