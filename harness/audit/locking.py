"""One audit at a time in a place: two would build each other's copies away."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from harness.errors import UsageError

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone_in(place: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Be the only audit whose copies lie below ``place``, which need not be there yet.

    ``tell`` is given one line if another has to end first. Where there are no
    file locks nothing is waited for. Raises UsageError if it cannot be written there.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = place.with_name(f"{place.name}.lock").open("w")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"--state-dir: {place.parent}: expected a directory that can be written, "
            f"found: {reason}; name another one"
        ) from None
    with lock:
        _take(lock, lambda: tell(f"waiting for another audit in {place.parent} to end"))
        yield


def _take(lock: IO[str], tell: Callable[[], None]) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell()
        fcntl.flock(lock, fcntl.LOCK_EX)
