"""The directory in which a program's runs are made: its example's, the same for all of them.

That is where a reader runs it, and where it finds what lies beside it. What it writes there,
another run of it would find, and two at once would take each other's. So the first run is made by
itself, and tells; those of a program that writes there are made one at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeAlias

PASSED_OVER = frozenset({"target", "__pycache__", ".git", ".harness"})
"""Directories that others than programs write to."""

MOST_ENTRIES = 2_000

_Sight: TypeAlias = frozenset[tuple[str, int, int]]


class Workplace:
    """Gives the runs of one program their turns; several threads may ask at once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._first = threading.Lock()
        self._is_written_to: bool | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Make a run within: alone, if it is the first, or if it may meet another."""
        if self._is_written_to is None:
            with self._first:
                if self._is_written_to is None:
                    before = _sight_of(self._directory)
                    yield
                    self._is_written_to = _sight_of(self._directory) != before
                    return
        if self._is_written_to:
            with _lock_of(self._directory):  # other programs of the example may write there, too
                yield
        else:
            yield


@cache
def _lock_of(_directory: Path) -> threading.Lock:
    return threading.Lock()


def _sight_of(directory: Path) -> _Sight:
    """What changes if somebody creates, removes, renames or writes a file there."""
    seen: set[tuple[str, int, int]] = set()
    waiting = [os.fspath(directory)]
    while waiting and len(seen) < MOST_ENTRIES:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    is_directory = entry.is_dir(follow_symlinks=False)
                    if is_directory and entry.name in PASSED_OVER:
                        continue
                    if is_directory:
                        waiting.append(entry.path)
                    seen.add(
                        (entry.path, status.st_mtime_ns, 0 if is_directory else status.st_size)
                    )
            seen.add((place, Path(place).stat().st_mtime_ns, 0))
        except OSError:  # it is gone, or may not be read: then nothing is to be seen of it
            continue
    return frozenset(seen)
