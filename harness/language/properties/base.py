"""What a family of properties is: a rule that is read strictly, and a monitor that watches.

A *rule* is the frozen value that a spec's property becomes. A *monitor* is
the running check of one rule over one run: it is fed the lines that its rule
names, one at a time, keeps only what it needs, and says at which line the
rule can no longer hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from harness.language.properties.selectors import Events, Selector
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.program import Program, Scope, Side, Value
from harness.values.run import Ending, Exited, StderrReport
from harness.values.toolchain import Build, Diagnostic

Handler = Callable[[int, Sequence[Value]], Violation | None]
"""Takes the number and the fields of a line; gives the violation that the line is, if it is one."""

LineHandler = Callable[[int, str], None]
"""Takes the number and the text of a line, whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known when a run has ended, beside its lines.

    ``source`` is the text of the program that ran, and ``path`` where it lies in
    the example's directory. ``reports`` are the panics and tracebacks of its
    stderr.
    """

    ending: Ending = field(default_factory=lambda: Exited(0))
    lines: int = 0
    reports: tuple[StderrReport, ...] = ()
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    source: str = ""
    path: str = ""


class Row(NamedTuple):
    """Of which lines a line has to be told apart by its place: those of its row and another rank.

    Lines without a rank are told apart from all of their row.
    """

    key: Hashable = None
    rank: int | None = None


class Monitor:
    """The running check of one rule over one run.

    A handler that has given a violation is not called again. ``finish`` is
    called once, after the last line, unless a handler has given a violation.
    """

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        """Which lines are watched, and by what."""
        return ()

    def line_handler(self) -> LineHandler | None:
        """What is given every line, for the few rules that compare raw text."""
        return None

    def finish(self, facts: Facts) -> Violation | None:
        """What was still owed when the run ended."""
        del facts
        return None

    def observation(self) -> Hashable | None:
        """What this run showed, for rules that look across runs; called after ``finish``."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """What was observed in all runs: for each side, how often each observation came.

    ``runs`` counts the judged runs of each side, ``plain_runs`` those among them
    that nobody steered, where that is known. What is asked is whether
    something is wrong with ``side`` under ``toolchain``; ``apart`` is what was
    observed of each toolchain by itself, by side and label, where there are
    labels.
    """

    side: Side
    observed: Mapping[Side, Mapping[Hashable, int]]
    runs: Mapping[Side, int]
    toolchain: str = ""
    apart: Mapping[tuple[Side, str], Mapping[Hashable, int]] = field(default_factory=dict)
    plain_runs: Mapping[Side, int] = field(default_factory=dict)


class Rule(ABC):
    """One declared truth in the terms of its family."""

    family: ClassVar[str]

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """Whether it can be claimed of every run, of some run, or of either."""
        return tuple(Scope)

    @abstractmethod
    def sentence(self) -> str:
        """The rule in plain words, without a full stop."""

    def selectors(self) -> Iterable[Selector]:
        """The lines that it speaks of; the closed world takes their events for declared."""
        return ()

    def monitor(self) -> Monitor:
        """A fresh check of one run."""
        return Monitor()

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """Where a selected line stands; ``None``: it may stand anywhere.

        Lines of different rows, or of one row and the same rank, may change places, and whether the
        rule holds stays as it was, and what is observed of the run. That all lines stand in one row
        without a rank is always right; a rule that says less is believed.
        """
        del selector, fields
        return Row()

    def judges(self, program: Program) -> bool:
        """Whether runs of that program matter to it."""
        del program
        return True

    def judge_build(self, build: Build, source: str) -> Sequence[Violation]:
        """What is wrong with how a program of this ``source`` compiled (or was refused)."""
        del build, source
        return ()

    def across(self, seen: Across) -> Sequence[Violation]:
        """What is wrong with all runs taken together."""
        del seen
        return ()

    def table_of(self, seen: Across) -> Sequence[tuple[str, str, str, int]]:
        """What was observed, as (outcome, grade, why, count), if the rule grades outcomes."""
        del seen
        return ()

    @property
    def mended_programs(self) -> tuple[str, ...]:
        """The programs that must compile, though the one it speaks of does not."""
        return ()

    @property
    def source_texts(self) -> tuple[tuple[str, int | None], ...]:
        """Texts that must each stand on one line of the program (or on n lines at least)."""
        return ()

    @property
    def needs_processor_time(self) -> bool:
        """Whether it is judged by the processor time of the process, which not all systems tell."""
        return False

    @property
    def allows_hang(self) -> bool:
        """Whether a run that never ends may be what it speaks of (so silence is watched for)."""
        return False

    @property
    def enough_lines(self) -> int | None:
        """After how many lines a program that never ends is stopped; ``None``: it has an end."""
        return None

    @property
    def needs_the_end(self) -> bool:
        """Whether only a run that has ended can show that it is kept.

        What a line can break and nothing later can mend is kept as far as a run has come: of a
        program that never ends nothing else can be said.
        """
        return True

    @property
    def replaces_ending(self) -> bool:
        """Whether it says how the run ends, so that exit code 0 is no longer presumed."""
        return False

    @property
    def replaces_reports(self) -> bool:
        """Whether it says which panics and tracebacks there are, so that none is presumed."""
        return False

    @property
    def allowed_sides(self) -> tuple[Side | None, ...]:
        """Which side its property may be about (``None``: both); the only one need not be said."""
        return (None, *Side)

    @property
    def compares_sides(self) -> bool:
        """Whether it holds one side against the other, so that both have to be there."""
        return False

    @property
    def is_across(self) -> bool:
        """Whether only all runs together can break it or show it."""
        return False

    @property
    def may_come_later(self) -> bool:
        """Whether further runs may show what ``across`` misses: then it is only not seen yet."""
        return False

    @property
    def needs(self) -> str:
        """The outcomes property of the same spec that it looks at; the loader calls ``linked``."""
        return ""

    def linked(self, other: Rule) -> Rule:
        """This rule, knowing the rule of the property that it ``needs``."""
        del other
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a family's table: name, what it takes, what it says. For the reference page."""

    name: str
    takes: str
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a sample tells of a run beside its stdout.

    ``ending`` is written ``exit 0``, ``signal SIGABRT`` or ``hang``. ``rust``
    is what the Rust side printed, where the sample's transcript is Python's
    and the two are compared. ``errors`` are those of the compiler, for a
    program that it refuses.
    """

    ending: str = "exit 0"
    stderr: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    rust: str = ""
    errors: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A property with a transcript that it accepts and one that it refuses.

    They are shown on the reference page, and run by a test. ``events`` and
    ``rule`` are TOML; ``refused`` shows ``violation`` at its last line or end.
    ``source`` is the program and ``path`` its file, where the rule names a
    line of it.
    """

    events: str
    rule: str
    accepted: str
    refused: str
    violation: str
    accepted_with: Told = field(default_factory=Told)
    refused_with: Told = field(default_factory=Told)
    source: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family of properties: what the loader, the reference page and the audit read.

    ``parse`` takes the family's table and the spec's events, takes every key
    that it knows, and raises SpecError for what it cannot take; the loader
    refuses what is left over.
    """

    name: str
    summary: str
    keys: tuple[Key, ...]
    parse: Callable[[Table, Events], Rule]
    samples: tuple[Sample, ...] = ()
    is_pairwise: bool = False
