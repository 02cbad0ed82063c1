"""What a mutant is: a good run in which one thing has been changed, and how that is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from harness.judging.claims import Claims
from harness.judging.judge import stderr_events
from harness.judging.stderr import parse_stderr
from harness.judging.trace import read_trace, split_lines
from harness.values.finding import Line
from harness.values.program import Side
from harness.values.run import Run

Stream: TypeAlias = Literal["stdout", "stderr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A good run of a program, and the lines of its stdout, torn ones mended.

    Or, if ``stream`` says so, the lines of its stderr that are events.
    """

    claims: Claims
    run: Run
    lines: tuple[Line, ...]
    stream: Stream = "stdout"

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines' texts."""
        return tuple(line.text for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceMutant:
    """A run that differs from a good one in one respect.

    ``operation`` says how (``drop``, ``swap``…), ``subject`` where (an event,
    a field, a pair of events); ``changed`` are the 1-based numbers of the
    lines of ``stream`` that are not as they were. ``ends_otherwise`` says that
    the ending is what was changed.
    """

    operation: str
    subject: str
    run: Run
    changed: tuple[int, ...] = ()
    stream: Stream = "stdout"
    ends_otherwise: bool = False

    @property
    def name(self) -> str:
        """``drop worker``: what a variant cites as its ``trace``."""
        return f"{self.operation} {self.subject}".rstrip()


def good_of(claims: Claims, run: Run, stream: Stream = "stdout") -> Good:
    """Read the lines of a good run."""
    if stream == "stdout":
        trace = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON)
        return Good(claims=claims, run=run, lines=trace.lines)
    said = parse_stderr(run.stderr, lambda line: claims.stderr.match(line) is not None)
    events = tuple(stderr_events(claims, said, after=0))
    return Good(claims=claims, run=run, lines=events, stream=stream)


def with_texts(good: Good, texts: Iterable[str]) -> Run:
    """The run, had it printed these lines; what else was said on stderr comes first."""
    if good.stream == "stdout":
        return replace(good.run, stdout=_joined(texts))
    matcher = good.claims.stderr
    rest = (line for line in split_lines(good.run.stderr)[0] if matcher.match(line) is None)
    return replace(good.run, stderr=_joined((*rest, *texts)))


def _joined(texts: Iterable[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def some_of(indices: Sequence[int]) -> tuple[int, ...]:
    """The first, the middle and the last: where a check at one end only would be found out."""
    if not indices:
        return ()
    return tuple(dict.fromkeys((indices[0], indices[len(indices) // 2], indices[-1])))
