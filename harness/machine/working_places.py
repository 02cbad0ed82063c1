"""Places on disk that several commands may share: for copies, for builds, for what is kept."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

from harness.values.errors import UsageError

try:
    import fcntl
except ImportError:  # a system without it: there two in one directory disturb each other
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def own_place(state: Path, name: str) -> Iterator[Path]:
    """A directory ``name`` below ``state`` for the copies and what is built of them.

    It is the same as last time, so that little is built again, unless another
    process works there: then it is the next that is free. Raises
    UsageError if there can be none.
    """
    for number in count(1):
        place = state.absolute() / (name if number == 1 else f"{name}-{number}")
        with _opened(place) as lock:
            if _is_taken(lock):
                continue
            yield place
            return


@contextlib.contextmanager
def locked(state: Path) -> Iterator[None]:
    """Be the only one, of all processes of this machine, to work in ``state``; wait until we are.

    A process that is killed holds nothing any more. Raises UsageError for no directory.
    """
    with _opened(state.absolute() / "building") as lock:
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a file system that knows no locks
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(place: Path) -> TextIO:
    """The file by which a place is locked, beside it; raises UsageError."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        return place.with_name(f"{place.name}.lock").open("w", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"--state-dir: {place.parent}: expected a directory that can be written, "
            f"found: {reason}; name another one"
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


def write_whole(path: Path, text: str) -> None:
    """Write a file of the state, its directory included: whoever reads it finds no half of it.

    Several may write it at once, and one of the texts is there in the end. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def ignore_itself(state: Path) -> None:
    """Let git pass over a ``.harness`` that is there; a directory of another name is not ours."""
    note = state / ".gitignore"
    if state.name != ".harness" or not state.is_dir() or note.exists():
        return
    with contextlib.suppress(OSError):  # it is read-only, and then nobody adds to it either
        note.write_text("*\n", encoding="utf-8")
