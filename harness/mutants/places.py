"""A place on disk for one trial of mutants, which no other trial uses meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

from harness.errors import BuildImpossible

try:
    import fcntl
except ImportError:  # a system without it: there two trials in one directory disturb each other
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def own_place(state: Path) -> Iterator[Path]:
    """A directory below ``state`` for the copies and what is built of them.

    It is the same as last time, so that little is built again, unless another
    process works there: then it is the next that is free. Raises
    BuildImpossible if there can be none.
    """
    for number in count(1):
        place = state / ("mutants" if number == 1 else f"mutants-{number}")
        with _opened(place) as lock:
            if _is_taken(lock):
                continue
            yield place
            return


def _opened(place: Path) -> TextIO:
    try:
        place.mkdir(parents=True, exist_ok=True)
        return place.with_name(f"{place.name}.lock").open("w", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildImpossible(
            f"{error.filename or place}: expected a directory for mutants, found: {reason}; "
            "give another one with --state-dir"
        ) from None


def _is_taken(lock: TextIO) -> bool:
    """Whether another process holds the lock; else it is ours until it is closed."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system that knows no locks
        return False
    return False
