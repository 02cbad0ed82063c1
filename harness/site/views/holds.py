"""Where an example holds: every program under every toolchain that was used, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.machine.toolchains import is_below_floor
from harness.site.data import PageData, Seen
from harness.site.words import Phrase, Words
from harness.values.program import Side
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """One row of the matrix. ``bound`` is the highest credible rate of violations, in per cent.

    ``plain``, ``plain_violations`` and ``plain_interleavings`` are of the runs that the system
    scheduled: what comes in the others, how often it does is the scheduler's doing.
    """

    side: str
    toolchain: str
    program: str = ""
    runs: int = 0
    plain: int = 0
    violations: int = 0
    plain_violations: int = 0
    bound: str = ""
    interleavings: int = 0
    plain_interleavings: int = 0
    allowed: str = ""
    strategies: tuple[str, ...] = ()
    skipped: Phrase | None = None


def hold_views(
    data: PageData, toolchains: Sequence[Toolchain], words: Words
) -> tuple[HoldView, ...]:
    """The rows, Python's first; ``toolchains`` are those that any example was run with."""
    return tuple(
        row
        for side in Side
        for toolchain in toolchains
        if toolchain.side is side
        for row in _rows(data, toolchain, words)
    )


def toolchains_of(pages: Iterable[PageData]) -> tuple[Toolchain, ...]:
    """All toolchains that any example was run with, each once, by version."""
    found = {
        (s.toolchain.side, s.toolchain.title): s.toolchain for page in pages for s in page.seen
    }
    return tuple(sorted(found.values(), key=lambda t: (t.side.value, _numbers(t.version), t.title)))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _rows(data: PageData, toolchain: Toolchain, words: Words) -> Iterator[HoldView]:
    """A row for each program of the example under one toolchain; one alone where it is too old."""
    if reason := is_below_floor(data.spec, toolchain):
        yield HoldView(
            side=toolchain.side.value, toolchain=toolchain.title, skipped=words.phrase(reason)
        )
        return
    for seen in data.seen:
        same = (seen.toolchain.side, seen.toolchain.title) == (toolchain.side, toolchain.title)
        if same:
            yield _row(seen)


def _row(seen: Seen) -> HoldView:
    total = seen.total
    return HoldView(
        side=seen.program.side.value,
        toolchain=seen.toolchain.title,
        program=seen.program.name,
        runs=total.runs,
        plain=seen.plain.runs,
        violations=total.violations,
        plain_violations=seen.plain.violations,
        bound=f"{100 * total.rate_bound:.2g} %",
        interleavings=total.distinct,
        plain_interleavings=seen.plain.distinct,
        allowed=seen.allowed.short.replace("?", ""),
        strategies=seen.strategies,
    )
