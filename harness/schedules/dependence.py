"""What a step of a thread touches, and which steps commute: no runtime is needed to ask that.

Two steps of different threads depend on each other if one of them changes
what the other touches, too. Runs that differ only in the order of steps that
commute show the same behaviour: they are one trace (Mazurkiewicz, 1977).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from itertools import product
from typing import NamedTuple


class Kind(Enum):
    """What is done to an object.

    ``TAKE`` and ``RELEASE`` are writes that leave a lock taken, or free.
    ``ACQUIRE`` is a ``TAKE`` by a thread that waits until the lock is free:
    it never fails, and cannot come before the release that it waited for.
    ``COUNT`` moves a count of references, of which nobody learns more than
    whether it was the last. ``ENABLE`` and ``JOIN`` name a thread: the one that
    may go on from here, the one that has ended. ``LATER`` comes after all that
    was before: a timeout that fired since nobody could go on. ``ANYTHING`` may
    touch whatever there is.
    """

    # By identity: that of Enum is written in Python, and is asked for each pair of touches.
    __hash__ = object.__hash__

    READ = "r"
    WRITE = "w"
    TAKE = "t"
    RELEASE = "u"
    ACQUIRE = "a"
    COUNT = "n"
    ENABLE = "e"
    JOIN = "j"
    LATER = "!"
    ANYTHING = "*"


OF_THREADS = frozenset({Kind.ENABLE, Kind.JOIN, Kind.LATER})
"""What orders steps of threads and touches no object."""


class Touch(NamedTuple):
    """One thing that a step does. ``left`` is, of a count that went down, what was left of it."""

    kind: Kind
    object: str = ""
    left: int | None = None

    def __str__(self) -> str:
        """As a record has it."""
        parts = (self.kind.value, self.object, "" if self.left is None else str(self.left))
        return ":".join(part for part in parts if part)


Touches = tuple[Touch, ...]


def read_touch(word: str) -> Touch:
    """The touch that a record tells of by this word."""
    kind, _, rest = word.partition(":")
    object_, _, left = rest.partition(":")
    return Touch(Kind(kind), object_, int(left) if left else None)


def depend(before: Touch, after: Touch, *, last: int = 0) -> bool:
    """Whether ``after`` does not commute with ``before``, which came earlier.

    Counts do, unless the later one leaves no more than ``last``: the one who
    drops the last reference frees what is referred to.

    Not symmetric for counts: what the later one leaves is known only in the order in which
    the two came. An object is a word, a lock, a stream, or whatever a runtime names so:
    equal names are one object within a run.
    """
    if before.kind in OF_THREADS or after.kind in OF_THREADS:
        return False
    # Also with itself: two threads in code that nobody sees into may do anything to each other.
    if Kind.ANYTHING in (before.kind, after.kind):
        return True
    if before.object != after.object:
        return False
    if before.kind is after.kind is Kind.COUNT:
        return after.left is not None and after.left <= last
    return not before.kind is after.kind is Kind.READ


def wakes(asleep: Iterable[Touch], step: Iterable[Touch]) -> bool:
    """Whether ``step`` touches what a thread would that was passed over with these touches.

    That was known where the thread stood then; one reference more may have been dropped since.
    """
    return any(depend(one, other, last=1) for one, other in product(asleep, step))
