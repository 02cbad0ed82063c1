"""What is concluded, of one side of one example and of a whole call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.run import PassedOver
from harness.values.toolchain import Toolchain


class Outcome(Enum):
    """What is concluded of one side of one example."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ERRORED = "ERRORED"
    SKIPPED = "SKIPPED"
    INCONCLUSIVE = "INCONCLUSIVE"

    @property
    def is_bad(self) -> bool:
        """Whether this outcome makes the whole verification fail (exit code 1)."""
        return self in (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.ERRORED)


Status: TypeAlias = Literal["held", "broke", "not-seen", "not-applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyResult:
    """What became of one property on one side: held, broke, was not seen, or did not apply.

    ``plain_runs`` and ``plain_witnesses`` count those among the runs that nobody steered
    (``None``: not known).
    """

    name: str
    family: str
    status: Status
    reason: str = ""
    runs: int = 0
    witnesses: int = 0
    plain_runs: int | None = None
    plain_witnesses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One outcome that was observed, how it is graded, and how often it came.

    ``plain`` is how often in runs that nobody steered (``None``: not known).
    """

    property: str
    outcome: str
    grade: str
    why: str
    count: int
    plain: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """That one run of each trace of a program was made, to its end and under control.

    ``over`` are the kinds of departures that the traces differ by; the longest run had so many
    ``steps``. With ``lines_commute`` runs are one trace, too, that differ in the order in which
    threads write, for nothing that is claimed could tell.
    """

    program: str
    traces: int
    steps: int
    over: tuple[str, ...] = ()
    lines_commute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is concluded of one side of one example with one toolchain.

    ``interleavings`` counts the distinct orders of events that were seen;
    ``torn_lines`` those that two threads printed into one another. ``plain_runs``
    (``None``: not known) are those among the runs that nobody steered: what they
    and the others have shown is counted apart, since only theirs is natural.
    ``unconfirmed`` are findings that do not count: they came in doubtful runs,
    and in no plain one. ``passed_over`` says what was beyond control in runs
    that were loosely controlled. ``searched`` are the programs of which every trace
    was run; with ``is_proved`` that is each program of a side that passed.
    """

    example: str
    side: Side
    toolchain: str
    outcome: Outcome
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    unconfirmed: tuple[Finding, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    properties: tuple[PropertyResult, ...] = ()
    observations: tuple[Observation, ...] = ()
    runs: int = 0
    interleavings: int = 0
    plain_runs: int | None = None
    plain_interleavings: int = 0
    steered_interleavings: int = 0
    torn_lines: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    searched: tuple[Searched, ...] = ()
    is_proved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The part ``index`` (from 1) of ``count``; ``cut`` stands for what was divided, and how.

    Shards belong together only if their cuts are equal.
    """

    index: int
    count: int
    cut: str = ""

    def __str__(self) -> str:
        """``2/5``."""
        return f"{self.index}/{self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one call of ``harness verify`` found, or several that were merged.

    ``missing`` says which toolchains could not be used; ``shards`` are the
    parts of the corpus that it tells of, if that was divided. ``directories``
    say where each example lies, as seen from where the harness was called.
    ``gaps`` say what the report should tell of and does not: why the call was
    ended early, or which shards and reports were not there to be merged.
    """

    verdicts: tuple[Verdict, ...] = ()
    toolchains: tuple[Toolchain, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    build_seconds: float = 0.0
    seed: int = 0
    runs_requested: int = 0
    shards: tuple[Shard, ...] = ()
    directories: Mapping[str, str] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """How many verdicts have that outcome."""
        return sum(v.outcome is outcome for v in self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is going to be done."""

    examples: int
    sides: int
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStarted:
    """Cargo was started for one toolchain."""

    toolchain: Toolchain
    crates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFinished:
    """Cargo has ended; ``fresh`` says that nothing had to be compiled."""

    toolchain: Toolchain
    seconds: float
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """One run has been made and judged."""

    example: str
    side: Side
    program: str
    toolchain: str
    ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFinished:
    """One side of one example has its verdict."""

    verdict: Verdict


RunEvent: TypeAlias = Planned | BuildStarted | BuildFinished | RunFinished | SideFinished
