"""Where a controlled run finds what it is asked for, and leaves its record: in memory.

So no file has to be made and removed on disk for each run. The names of both
places have one length, whichever they are: what a program is started with is
then as long for each of its runs, and what lies behind it in memory is where
it always is.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from harness.machine.process.guardian import remove_tree
from harness.machine.process.guarding import private_directory

PLACE_LENGTH = 32


class MemoryFile:
    """A file without a name, which other processes open by ``place`` while it is not closed."""

    __slots__ = ("_descriptor", "place")

    def __init__(self) -> None:
        # memfd_create(2) closes it on exec: no program that is started here has it, though each may
        # open it by its path, which leads to us as long as we live.
        self._descriptor = os.memfd_create("log")
        # The path of the kernel's; a slash more means nothing.
        self.place = f"/proc/{os.getpid()}/fd/{self._descriptor}".rjust(PLACE_LENGTH, "/")

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody opens it any more; who has it open keeps it."""
        os.close(self._descriptor)

    def fill(self, content: bytes) -> None:
        """Let it have this content and no other."""
        # First, as the new content may be shorter; and by pwrite, as
        # the offset is of whoever writes.
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content, 0)

    @property
    def size(self) -> int:
        """How many bytes are in it: whoever opens it decides that."""
        return os.fstat(self._descriptor).st_size

    def read(self) -> str:
        """All that is in it."""
        return os.pread(self._descriptor, self.size, 0).decode("utf-8", "backslashreplace")


def place_of_server(descriptor: int) -> str:
    """What stands in the place of a file's name for a server on this descriptor."""
    return "server:" + str(descriptor).rjust(PLACE_LENGTH - len("server:"), "0")


class RunPlace(NamedTuple):
    """The two directories of one run: its HOME, and that of its temporary files, both empty."""

    home: str
    temporary: str

    @property
    def variables(self) -> dict[str, str]:
        """What tells a program of them."""
        return {"HOME": self.home, "TMPDIR": self.temporary}


LEAST_ROOM = 64 * 1024
"""Bytes: with less than that a program cannot write what it may have to."""


def place_without_room(*places: Path) -> str:
    """The first of the places, or that of temporary files, in which nothing can be written.

    Empty if there is none.
    """
    for place in (private_directory(), *places):
        try:
            status = os.statvfs(place)
        except (OSError, AttributeError):  # gone; or no system that tells
            continue
        has_numbers = not status.f_files or status.f_favail
        if status.f_bavail * status.f_frsize < LEAST_ROOM or not has_numbers:
            return str(place)
    return ""


class _Places:
    """Places of runs; one that was left as it was made is used again.

    So each run starts alike, whatever another has left behind. Randomness is the same in each
    controlled run: so would be the names of the files that it leaves.
    """

    def __init__(self) -> None:
        self._free: list[tuple[RunPlace, _Stamp]] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def one(self) -> Iterator[RunPlace]:
        """A place for as long as a run lasts. Raises OSError if there can be none."""
        place, stamp = self._take()
        try:
            yield place
        finally:
            # What a run has left to itself may yet write; that is seen when it is taken next.
            with self._lock:
                self._free.append((place, stamp))

    def _take(self) -> tuple[RunPlace, _Stamp]:
        """A place that is as it was made; those that are not are removed on the way."""
        while True:
            with self._lock:
                if not self._free:
                    break
                place, stamp = self._free.pop()
            # Asked when it is taken and not when it is given back: what a run has left
            # running may still write to it in between.
            if _is_as_made(place, stamp):
                return place, stamp
            remove_tree(str(Path(place.home).parent))
        parent = private_directory()
        parent.mkdir(exist_ok=True)  # a program may have removed it
        own = tempfile.mkdtemp(prefix="run-", dir=parent)
        place = RunPlace(str(Path(own, "home")), str(Path(own, "tmp")))
        for path in place:
            os.mkdir(path)  # noqa: PTH102 - once a run at worst
        return place, _stamp(place)


_Stamp = list[tuple[int, int]]


def _is_as_made(place: RunPlace, stamp: _Stamp) -> bool:
    """Whether both directories are empty, and still the same ones with the same rights."""
    try:
        is_empty = not any(os.listdir(path) for path in place)  # noqa: PTH208 - for each run
        return _stamp(place) == stamp and is_empty
    except OSError:
        return False


def _stamp(place: RunPlace) -> _Stamp:
    """What tells whether a directory was put in the place of another, or closed to somebody."""
    every = [os.stat(path) for path in place]  # noqa: PTH116 - for each run
    return [(status.st_ino, status.st_mode) for status in every]


_places = _Places()
run_place = _places.one
"""A context manager: the empty directories of a run, for as long as that lasts."""
