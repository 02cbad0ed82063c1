"""Knowing what descends from a run, whatever became of its parents, its session and its outputs.

A process that was forked twice, in a session of its own, with every channel closed, has nothing
left that names where it comes from. But what a process is limited to, its children are, and no
program changes the limit on processor time without a pause under a real-time policy
(``RLIMIT_RTTIME``), which is of no consequence to any other. So each run gets a number of its own
there, far beyond what any could use: its *mark*. One that changed it on purpose would be lost to
us; so would one of another user's.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import threading
from collections.abc import Iterator
from functools import cache
from itertools import count

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

TOKEN_SHIFT = 32
"""The bits below are the run's; those above belong to this process of the harness."""

_lock = threading.Lock()
_numbers = count(1)


@cache
def token() -> int:
    """What all marks of this process share, and no others on this machine."""
    return 1 << 28 | secrets.randbits(28)


# Counted and not drawn: two runs of one harness never have the same.
def new_mark() -> int | None:
    """A mark that no other run has; ``None`` where there are none."""
    if not can_mark():
        return None
    # In microseconds, the unit of this limit, the least mark is 36,000 years: bit 28 of the token
    # is always set, so that it never is a limit that anybody could come to.
    return token() << TOKEN_SHIFT | next(_numbers)


@cache
def can_mark() -> bool:
    """Whether processes can be marked: on Linux, unless somebody has set that limit already."""
    if sys.platform != "linux":
        return False
    try:
        _, hard = resource.prlimit(os.getpid(), resource.RLIMIT_RTTIME)
    except (OSError, ValueError):  # a sandbox
        return False
    # A soft limit can be set up to the hard one only; one that is set belongs to somebody.
    return hard == resource.RLIM_INFINITY


@contextlib.contextmanager
def marked(mark: int | None) -> Iterator[None]:
    """What is started within has the mark from its first moment.

    It is this process's own limit meanwhile, so that only one is started at a time.
    """
    if mark is None:
        yield
        return
    with _lock:
        # ``prlimit`` cannot mark a child after its start as ``_limit`` does: by then it may have
        # forked, and what came of that would have no mark.
        before = resource.getrlimit(resource.RLIMIT_RTTIME)
        resource.setrlimit(resource.RLIMIT_RTTIME, (mark, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_RTTIME, before)


@contextlib.contextmanager
def unmarked() -> Iterator[None]:
    """What is started within is no run's: it has no mark, whatever another thread starts.

    Without it it may take that of a run, and be ended with what that run has left.
    """
    with _lock:
        yield


def mark_of(pid: int) -> int | None:
    """The mark of a process (or of one of its threads), if it has one of this harness's.

    ``None``, too, for one that is gone or another user's (prlimit(2) refuses those): by
    its mark nobody is ended who is not ours.
    """
    if not can_mark():
        return None
    try:
        soft, _ = resource.prlimit(pid, resource.RLIMIT_RTTIME)
    except OSError:
        return None
    return soft if soft >> TOKEN_SHIFT == token() else None
