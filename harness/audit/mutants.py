"""What a mutant is: a good run in which one thing has been changed, and how that is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.claims import Claims
from harness.model import Line, Run, Side
from harness.trace import read_trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A good run of a program, and the lines of its stdout, torn ones mended."""

    claims: Claims
    run: Run
    lines: tuple[Line, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines' texts."""
        return tuple(line.text for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A run that differs from a good one in one respect.

    ``operation`` says how (``drop``, ``swap``…), ``subject`` where (an event,
    a field, a pair of events); ``changed`` are the 1-based numbers of its
    lines that are not as they were.
    """

    operation: str
    subject: str
    run: Run
    changed: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """``drop worker``: what a spec's ``[[survivor]]`` cites."""
        return f"{self.operation} {self.subject}".rstrip()


def good_of(claims: Claims, run: Run) -> Good:
    """Read the lines of a good run."""
    trace = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON)
    return Good(claims=claims, run=run, lines=trace.lines)


def with_texts(run: Run, texts: Iterable[str]) -> Run:
    """The run, had it printed these lines."""
    return replace(run, stdout="".join(f"{text}\n" for text in texts).encode())


def some_of(indices: Sequence[int]) -> tuple[int, ...]:
    """The first, the middle and the last: where a check at one end only would be found out."""
    if not indices:
        return ()
    return tuple(dict.fromkeys((indices[0], indices[len(indices) // 2], indices[-1])))
