"""What a mutant is: a program with one small change that nobody declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from harness.values.program import Side


class Operator(Enum):
    """The kinds of change, by the name that a report uses."""

    REMOVE_CALL = "remove-call"
    DROP_PRINT = "drop-print"
    UNLOCK = "unlock"
    LOWER_BOUND = "lower-bound"
    CHANGE_CONSTANT = "change-constant"
    NEGATE_CONDITION = "negate-condition"
    SWAP_STATEMENTS = "swap-statements"
    REMOVE_MOVE = "remove-move"


SYNCHRONISING = frozenset({
    "start", "join", "acquire", "release", "wait", "wait_for", "notify", "notify_one",
    "notify_all", "put", "put_nowait", "get", "get_nowait", "send", "try_send", "recv",
    "try_recv", "close", "set", "clear", "lock", "unlock", "read", "write", "spawn", "submit",
    "shutdown", "task_done", "terminate", "park", "unpark",
})  # fmt: skip
"""Methods whose call is worth forgetting: they wait for another thread, or let one go on."""

ALIKE = frozenset({"start", "join", "spawn", "submit"})
"""Methods of which two calls in a row may come in either order: no run can tell."""

TIMED = frozenset({
    "sleep", "from_millis", "from_micros", "from_nanos", "from_secs", "from_secs_f32",
    "from_secs_f64", "recv_timeout", "wait_timeout", "wait_timeout_while",
})  # fmt: skip
"""Calls whose numbers are times; a longer one changes nothing that a property may speak of."""


class Replacement(NamedTuple):
    """``text`` in the place of the characters from ``start`` up to ``end`` of a source."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a source; its replacements do not overlap and are in order."""

    operator: Operator
    replacements: tuple[Replacement, ...]

    @property
    def start(self) -> int:
        """Where the change begins."""
        return self.replacements[0].start

    def apply(self, source: str) -> str:
        """The changed source."""
        parts: list[str] = []
        at = 0
        for start, end, text in self.replacements:
            parts += (source[at:start], text)
            at = end
        return "".join((*parts, source[at:]))


def change(operator: Operator, *replacements: Replacement) -> Change:
    """The change that consists of ``replacements``, in any order."""
    return Change(operator=operator, replacements=tuple(sorted(replacements)))


def swap(source: str, one: tuple[int, int], other: tuple[int, int]) -> Change:
    """The change that lets two stretches of the source change places."""
    return change(
        Operator.SWAP_STATEMENTS,
        Replacement(*one, source[slice(*other)]),
        Replacement(*other, source[slice(*one)]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A program that differs from a program of an example by one change.

    ``path`` is that program's, relative to the example's directory; ``line``
    is where the change begins, ``original`` and ``source`` are the whole text
    before and after it, ``diff`` is what a reader is shown. ``mark`` tells it
    from the program's other mutants: it stays the same as long as the changed
    lines do.
    """

    example: str
    side: Side
    program: str
    path: str
    operator: str
    line: int
    original: str
    source: str
    diff: str
    mark: str

    @property
    def id(self) -> str:
        """``rust:main:remove-call:1f0c3a``: how a spec and a report name it within its example."""
        return f"{self.side.value}:{self.program}:{self.operator}:{self.mark}"
