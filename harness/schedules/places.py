"""Where the threads of a Rust program wait: addresses → ``Mutex::lock at src/main.rs:14``.

The debug information of the executable is read by ``addr2line`` (GNU binutils, which come with
every C compiler that links). Without it a wait keeps the scheduler's own word for it, and no place.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from harness.machine.process import Command, run_process, tool_environment
from harness.schedules.accesses import Access, Old, Race, Stored
from harness.schedules.record import Fired, Loose, Waiting
from harness.values.run import Exited

TIMEOUT_SECONDS = 20.0

_FOREIGN = re.compile(r"\?\?|/rustc/|.*/library/(std|core|alloc)/src/|.*/\.cargo/registry/")
_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+)(?: \(discriminator \d+\))?$")
_HASH = re.compile(r"::h[0-9a-f]{16}$")
_INNERMOST_GENERICS = re.compile(r"(?:::)?<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Frame:
    """One function that is being executed: its name, and where in it, as a debugger says them."""

    function: str
    file: str
    line: int

    @property
    def is_foreign(self) -> bool:
        """Whether it is a library's, or nobody knows whose."""
        return _FOREIGN.match(self.file) is not None


Placed = TypeVar("Placed", Loose, Fired)
"""What a record says of a thread that stands somewhere, and does not wait."""


def located(waiting: Iterable[Waiting], executable: Path, directory: Path) -> tuple[Waiting, ...]:
    """The waits, with the place of each in the sources under ``directory``, where it can be had."""
    found = ((wait, _standing(wait.addresses, executable, directory)) for wait in waiting)
    return tuple(
        replace(wait, kind=called or wait.kind, place=place or wait.place)
        for wait, (called, place) in found
    )


def placed(entries: Iterable[Placed], executable: Path, directory: Path) -> tuple[Placed, ...]:
    """The same of what is no wait."""
    found = ((entry, _standing(entry.addresses, executable, directory)) for entry in entries)
    return tuple(replace(entry, place=place or entry.place) for entry, (_, place) in found)


def raced(races: Iterable[Race], executable: Path, directory: Path) -> tuple[Race, ...]:
    """The races, with the places of their accesses: the program's own, or else the library's."""

    def at_its_place(access: Access) -> Access:
        called, place = _standing(access.addresses, executable, directory)
        place = place or _innermost(access.addresses, executable)
        return replace(access, within=called or access.within, place=place or access.place)

    return tuple(
        replace(race, earlier=at_its_place(race.earlier), later=at_its_place(race.later))
        for race in races
    )


def with_origins(olds: Iterable[Old], executable: Path, directory: Path) -> tuple[Old, ...]:
    """What was read and not the newest, with the places of the accesses and of the stores."""

    def placed_one(stored: Stored) -> Stored:
        return replace(stored, place=_standing(stored.addresses, executable, directory)[1])

    return tuple(
        replace(
            old,
            own=placed_one(old.own),
            newer=placed_one(old.newer),
            place=_standing(old.addresses, executable, directory)[1],
        )
        for old in olds
    )


def _innermost(addresses: tuple[int, ...], executable: Path) -> str:
    """The first place that is known at all, whosever it is: ``lib.rs:12``."""
    frames = _frames(executable, _stamp(executable), addresses) if addresses else ()
    known = (frame for frame in frames if frame.line)
    return next((f"{Path(frame.file).name}:{frame.line}" for frame in known), "")


def _standing(addresses: tuple[int, ...], executable: Path, directory: Path) -> tuple[str, str]:
    """What the innermost function of the program has called there, and where; empty: unknown."""
    if not addresses:
        return "", ""
    called = ""
    for frame in _frames(executable, _stamp(executable), addresses):
        if not frame.is_foreign:
            return called, f"{_shown(frame.file, directory)}:{frame.line}"
        called = short_name(frame.function)
    return "", ""


def _stamp(executable: Path) -> tuple[int, int]:
    """Tells one content of the file from another: a program may be built again at its place."""
    try:
        status = executable.stat()
    except OSError:
        return (0, 0)
    return (status.st_ino, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _frames(
    executable: Path, _stamp: tuple[int, int], addresses: tuple[int, ...]
) -> tuple[Frame, ...]:
    """The frames at the addresses, innermost first, inlined ones too; none without a reader."""
    reader = shutil.which("addr2line")
    if reader is None:
        return ()
    listed = (hex(address) for address in addresses)
    completed = run_process(
        Command(
            argv=(reader, "-e", str(executable), "-f", "-i", "-C", *listed),
            cwd=executable.parent,
            environment=tool_environment(),
            timeout_seconds=TIMEOUT_SECONDS,
        )
    )
    if completed.ending != Exited(0):
        return ()
    return tuple(read_frames(completed.stdout.decode("utf-8", "replace").splitlines()))


def read_frames(lines: Sequence[str]) -> Iterator[Frame]:
    """The frames in what ``addr2line -f`` says: a function and a place in turn."""
    for function, text in zip(lines[::2], lines[1::2], strict=False):
        place = _PLACE.match(text)
        if place is None:
            yield Frame(function, "??", 0)
        else:
            yield Frame(function, place["file"], int(place["line"]))


def short_name(function: str) -> str:
    """What a reader calls a function: ``Mutex::lock``, ``park``.

    Both ways in which rustc has written names are understood:
    ``<std::sync::Mutex<i32>>::lock`` and ``std::sync::Mutex<T>::lock::h0123456789abcdef``.
    """
    name = _HASH.sub("", function)
    if name.startswith("<"):
        name = _unwrapped(name)
    while (bare := _INNERMOST_GENERICS.sub("", name)) != name:
        name = bare
    *path, last = name.split("::")
    return f"{path[-1]}::{last}" if path and path[-1][:1].isupper() else last


def _unwrapped(name: str) -> str:
    """``<path::Type>::method`` without its brackets, and without a trait after ``as``."""
    depth = 0
    for at, letter in enumerate(name):
        depth += (letter == "<") - (letter == ">")
        if depth == 0:
            return name[1:at].partition(" as ")[0] + name[at + 1 :]
    return name


def _shown(file: str, directory: Path) -> str:
    """A source file as a reader knows it: below the example's directory, or its name alone."""
    path = Path(file)
    if path.is_relative_to(directory.absolute()):
        return path.relative_to(directory.absolute()).as_posix()
    return path.name
