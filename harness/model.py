"""Every value that one part of the harness hands to another.

Nothing here acts: the values are frozen, so that what decides (patterns,
trace, properties, verdict, audit) can be pure, and what touches the world
(process, cargo, runner, reports) can be small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from harness.properties.base import Rule

Value: TypeAlias = int | float | str
"""What a field of an event holds."""


class Side(Enum):
    """One of the two programs of an example."""

    PYTHON = "python"
    RUST = "rust"


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


class Scope(Enum):
    """Whether a property holds of every run, or of at least one."""

    EVERY_RUN = "every-run"
    SOME_RUN = "some-run"


# --- what a spec declares ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """One kind of output line: its name, its pattern, where it is printed.

    ``words`` restricts a field to a list of allowed words.
    """

    name: str
    pattern: str
    stream: Literal["stdout", "stderr"] = "stdout"
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Where a property applies, or a program can run. ``None`` asks nothing.

    ``cores`` is the least number of cores; ``python`` and ``rust`` are
    version specifiers such as ``>=3.13``; ``gil`` asks for a build with or
    without the global interpreter lock.
    """

    gil: bool | None = None
    cores: int | None = None
    python: str | None = None
    rust: str | None = None
    implementation: str | None = None
    os: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return self == Condition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program of one side. ``path`` is relative to the example's directory.

    ``timeout_seconds`` bounds one run by the wall clock; ``when`` says where
    it can run at all.
    """

    name: str
    side: Side
    path: str
    summary: str = ""
    args: tuple[str, ...] = ()
    stdin: str = ""
    timeout_seconds: float = 10.0
    when: Condition = field(default_factory=Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One declared truth. ``rule`` says it in the terms of its family.

    ``programs`` names the programs that it speaks of, on both sides or
    (``rust:mended``) on one.
    """

    name: str
    why: str
    family: str
    rule: Rule
    side: Side | None = None
    programs: tuple[str, ...] = ("main",)
    scope: Scope = Scope.EVERY_RUN
    when: Condition = field(default_factory=Condition)
    audit: str = ""
    line: int = 0

    def covers(self, program: Program) -> bool:
        """Whether the property is a claim about ``program`` (conditions aside)."""
        if self.side not in (None, program.side):
            return False
        return (
            program.name in self.programs or f"{program.side.value}:{program.name}" in self.programs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of a text that occurs exactly once in a program's source."""

    replace: str
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A deliberately broken variant of one program, and the properties it must break.

    The change is given by ``edits``, or by ``patch``: a unified diff in a
    file beside the spec.
    """

    name: str
    side: Side
    breaks: tuple[str, ...]
    program: str = "main"
    edits: tuple[Edit, ...] = ()
    patch: str = ""
    why: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutation of traces that the spec rightly accepts, and why.

    ``mutation`` is called as the audit calls it (``drop worker``); it is
    meant of one side or of one program only where these are given.
    """

    mutation: str
    why: str
    side: Side | None = None
    program: str = ""
    line: int = 0

    def is_about(self, side: Side, program: str) -> bool:
        """Whether it is meant of that program on that side."""
        return self.side in (None, side) and self.program in ("", program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What ``example.toml`` declares, checked. ``directory`` is absolute."""

    directory: Path
    name: str
    topic: str
    title: str
    summary: str
    order: int = 1000
    python_floor: str = "3.9"
    rust_floor: str = "1.63"
    timing: Literal["free", "strict"] = "free"
    granularity: Literal["gil", "opcode"] = "gil"
    events: tuple[EventSpec, ...] = ()
    programs: tuple[Program, ...] = ()
    properties: tuple[Property, ...] = ()
    controls: tuple[Control, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    digest: str = ""

    @property
    def id(self) -> str:
        """``topic/name``: how a report names the example."""
        return f"{self.topic}/{self.name}"

    @property
    def path(self) -> Path:
        """The spec's own file."""
        return self.directory / "example.toml"

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that have a program: both, or the one that there is."""
        return tuple(side for side in Side if self.programs_of(side))

    def programs_of(self, side: Side) -> tuple[Program, ...]:
        """The programs of one side, ``main`` first."""
        return tuple(p for p in self.programs if p.side is side)

    def program(self, side: Side, name: str) -> Program | None:
        """The program of that name on that side, if there is one."""
        return next((p for p in self.programs_of(side) if p.name == name), None)

    def is_refused(self, program: Program) -> bool:
        """Whether the spec says that the compiler refuses ``program``."""
        return any(p.family == "compile-error" and p.covers(program) for p in self.properties)


# --- toolchains and builds ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """One interpreter, or one compiler with its cargo.

    ``label`` is what a user types and reads (``3.11``, ``3.13t``, ``stable``);
    ``version`` is exact (``3.11.7``); ``release`` is the implementation's own, if that has
    one (PyPy's ``8.0.1``); ``has_gil`` is ``None`` for compilers.
    ``environment`` holds the variables that select it (``RUSTUP_TOOLCHAIN``).
    """

    side: Side
    label: str
    version: str
    program: Path
    cargo: Path | None = None
    cargo_version: str = ""
    implementation: str = ""
    release: str = ""
    has_gil: bool | None = None
    cores: int = 1
    os: str = "linux"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """``CPython 3.11.7``, ``PyPy 3.11.17 (8.0.1)`` or ``rustc 1.95.0``."""
        own = f" ({self.release})" if self.release else ""
        return f"{self.implementation or 'rustc'} {self.version}{own}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere in a source file: 1-based line and column, and the line's text."""

    file: str
    line: int
    column: int = 0
    text: str = ""

    def __str__(self) -> str:
        """``src/main.rs:7``."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """An error of the compiler: code (may be empty), headline, where its primary span starts.

    ``notes`` are the grounds that it gives, without their places; ``rendered``
    is the compiler's own wording, for showing only.
    """

    message: str
    code: str = ""
    place: Place | None = None
    notes: tuple[str, ...] = ()
    rendered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The program is there, ready to be started by ``command``."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The compiler refused the program, with these errors."""

    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBuilt:
    """It could not be told whether the program compiles, and why; ``place``: where that is seen."""

    reason: str
    detail: str = ""
    place: Place | None = None


Build: TypeAlias = Built | Refused | NotBuilt


# --- runs ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exited:
    """The process ended by itself with this code."""

    code: int


@dataclass(frozen=True, slots=True)
class Signalled:
    """The process was ended by a signal that the harness did not send."""

    name: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The harness ended the process after ``seconds``.

    ``idle`` says that by then it was silent and used no processor time, as a
    deadlock is; ``None``: that cannot be told here (only Linux tells it).
    """

    seconds: float
    idle: bool | None = False

    @property
    def may_be_hung(self) -> bool:
        """Whether nothing speaks against a deadlock."""
        return self.idle is not False


@dataclass(frozen=True, slots=True)
class Deadlocked:
    """Under a controlled schedule no thread could go on; what each of them waits for.

    ``others_went_on`` says that it is a deadlock of some: threads wait for each other, and
    will for ever, beside others that the harness ended with them.
    """

    waiting: tuple[str, ...] = ()
    others_went_on: bool = False


@dataclass(frozen=True, slots=True)
class OverLimit:
    """The harness ended the process since it went over a limit (``64 MiB of output``)."""

    limit: str


MAX_STEPS = 200_000
"""Scheduling steps of one run; a program that needs more is taken to be spinning."""

STEP_LIMIT = f"{MAX_STEPS:,} scheduling steps"
"""How that limit is called."""


@dataclass(frozen=True, slots=True)
class NotStarted:
    """There never was a process, and why."""

    reason: str


Ending: TypeAlias = Exited | Signalled | TimedOut | Deadlocked | OverLimit | NotStarted


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of one program, and all that it gave.

    ``arrivals`` are pairs (length of stdout so far, seconds since the start).
    ``cpu_seconds`` is the user and system time of the process, of the children
    that it waited for, and of what it left in its session.
    ``stray_processes`` counts processes that still ran when the program had
    ended, and were ended by the harness.
    ``log`` is the record that a controlled schedule left. ``doubts`` say why
    what a controlled run shows does not count by itself: it left control, say.
    """

    side: Side
    program: str
    toolchain: str
    schedule: str
    index: int
    ending: Ending
    stdout: bytes = b""
    stderr: bytes = b""
    arrivals: tuple[tuple[int, float], ...] = ()
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    stray_processes: int = 0
    log: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A thread that a controlled run went on without: it was blocked where control does not look.

    ``call`` is the system call that it was in; empty: it ran on by itself, and
    came to no point. Such a run is *loosely controlled*. ``runs`` counts those
    of the program in which it was so.
    """

    thread: int
    call: str = ""
    place: str = ""
    program: str = "main"
    runs: int = 1

    def __str__(self) -> str:
        """``thread 1 was passed over, blocked in flock at main.py:9``."""
        name = "main" if self.thread == 0 else f"thread {self.thread}"
        doing = f"blocked in {self.call}" if self.call else "running on by itself"
        where = f" at {self.place}" if self.place else ""
        return f"{name} was passed over, {doing}{where}"


# --- traces and findings ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output: 1-based number, text, event (``None``: it is none) and its fields."""

    number: int
    text: str
    event: str | None = None
    fields: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line of a trace that a finding points at, and what is said there."""

    line: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The part of a trace that shows a finding: lines, marks, and how many are left out."""

    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What a monitor says when its property no longer holds.

    ``marks`` are the offending lines; ``expected`` and ``found`` stand side
    by side in a report.
    """

    message: str
    marks: tuple[Mark, ...] = ()
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """One line of a controlled run: which thread printed it (0 is main).

    ``preempted`` are the threads that were stopped since the line before,
    though they could have gone on; ``early`` those whose timeout fired since
    then, though others could have gone on, ``spurious`` those whose wait woke
    and ``weak`` those whose exchange failed for nothing; ``places`` are where
    those waits, then those exchanges are (empty: not known).

    A row without a line (its number is 0) says where a thread of a deadlock
    ``stands``.
    """

    line: int
    thread: int
    text: str
    preempted: tuple[int, ...] = ()
    early: tuple[int, ...] = ()
    spurious: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    stands: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which something that was said of a program did not hold.

    ``property`` is the property's name, or the name of one of the rules of
    the closed world (``unknown-line``, ``exit-code``, ``stderr``, …), which
    hold without being declared.

    For a controlled run ``lanes`` say which thread printed what, and
    ``switches`` how many departures from the plainest schedule it takes.
    ``scope`` says of a Python program on which interpreters such a run can be: the
    scheduler may have switched threads where this one never does.
    ``line`` is the property's in the spec, ``place`` where in a source it is wrong,
    relative to the example's directory. ``occurrences`` counts the runs that show it, of
    the ``runs`` of its program (0: not known).

    ``doubts`` say why the run that shows it does not count by itself, and
    ``confirmation`` what plain runs showed of it.
    """

    property: str
    why: str
    violation: Violation
    side: Side | None = None
    program: str = "main"
    toolchain: str = ""
    schedule: str = ""
    run_index: int | None = None
    line: int = 0
    place: Place | None = None
    excerpt: Excerpt = field(default_factory=Excerpt)
    nearest: str = ""
    reproduce: str = ""
    occurrences: int = 1
    runs: int = 0
    lanes: tuple[LaneRow, ...] = ()
    switches: int | None = None
    scope: str = ""
    doubts: tuple[str, ...] = ()
    confirmation: str = ""


Status: TypeAlias = Literal["held", "broke", "not-seen", "not-applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyResult:
    """What became of one property on one side: held, broke, was not seen, or did not apply."""

    name: str
    family: str
    status: Status
    reason: str = ""
    runs: int = 0
    witnesses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One outcome that was observed, how it is graded, and how often it came."""

    property: str
    outcome: str
    grade: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is concluded of one side of one example with one toolchain.

    ``interleavings`` counts the distinct orders of events that were seen;
    ``torn_lines`` those that two threads printed into one another.
    ``unconfirmed`` are findings that do not count: they came in doubtful runs,
    and in no plain one. ``passed_over`` says what was beyond control in runs
    that were loosely controlled.
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
    torn_lines: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


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


# --- what the runner tells while it works -------------------------------------


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
