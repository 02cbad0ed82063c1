"""Where a controlled run finds what it is asked for, and leaves its record: in memory.

A file of its own in a directory of its own costs more than a run of a small
program does. The names of both places have one length, whichever they are: what
a program is started with is then as long for each of its runs, and what lies
behind it in memory is where it always is.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

PLACE_LENGTH = 32


class MemoryFile:
    """A file without a name, which other processes open by ``place`` while it is not closed."""

    __slots__ = ("_descriptor", "place")

    def __init__(self) -> None:
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
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content, 0)

    def read(self) -> str:
        """All that is in it."""
        size = os.fstat(self._descriptor).st_size
        return os.pread(self._descriptor, size, 0).decode("utf-8", "backslashreplace")


def place_of_server(descriptor: int) -> str:
    """What stands in the place of a file's name for a server on this descriptor."""
    return "server:" + str(descriptor).rjust(PLACE_LENGTH - len("server:"), "0")


class _Directories:
    """Empty directories for the temporary files of runs; one that was left empty is used again.

    Randomness is the same in each run: so would be the names of the files that it leaves.
    """

    def __init__(self) -> None:
        self._free: list[tuple[str, tuple[int, int]]] = []
        self._lock = threading.Lock()
        self._homes: set[str] = set()
        atexit.register(self.remove_all)

    @contextlib.contextmanager
    def one(self) -> Iterator[str]:
        """An empty directory, for as long as a run lasts."""
        path, stamp = self._take()
        try:
            yield path
        finally:
            # What a run has left to itself may yet write; that is seen when it is taken next.
            with self._lock:
                self._free.append((path, stamp))

    def _take(self) -> tuple[str, tuple[int, int]]:
        while True:
            with self._lock:
                if not self._free:
                    break
                path, stamp = self._free.pop()
            if self._is_as_made(path, stamp):
                return path, stamp
            self._remove(str(Path(path).parent))
        home = tempfile.mkdtemp(prefix="run-")
        with self._lock:
            self._homes.add(home)
        path = str(Path(home, "tmp"))
        os.mkdir(path)  # noqa: PTH102 - once a run at worst
        return path, _stamp(path)

    @staticmethod
    def _is_as_made(path: str, stamp: tuple[int, int]) -> bool:
        try:
            return _stamp(path) == stamp and not os.listdir(path)  # noqa: PTH208 - for each run
        except OSError:
            return False

    def _remove(self, home: str) -> None:
        shutil.rmtree(home, ignore_errors=True)
        with self._lock:
            self._homes.discard(home)

    def remove_all(self) -> None:
        """Remove every one."""
        with self._lock:
            homes, self._free = list(self._homes), []
        for home in homes:
            self._remove(home)


def _stamp(path: str) -> tuple[int, int]:
    status = os.stat(path)  # noqa: PTH116 - for each run
    return status.st_ino, status.st_mode


_directories = _Directories()
temporary_directory = _directories.one
"""A context manager: an empty directory, for as long as a run lasts."""
