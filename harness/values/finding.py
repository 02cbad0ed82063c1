"""The lines of a trace, and what is found to be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.values.program import Side, Value
from harness.values.run import TaskName
from harness.values.toolchain import Place


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
    and ``weak`` those whose exchange failed for nothing, ``old`` those that had another value
    than the newest, each with what it was; ``places`` are where
    those waits, then those exchanges are (empty: not known). ``chances`` are
    what an event loop met otherwise than it need have, by the kinds of a
    record's decisions.

    A row without a line (its number is 0) says where a thread of a deadlock
    ``stands``, or what one of a data race does, and where.
    """

    line: int
    thread: int
    text: str
    preempted: tuple[int, ...] = ()
    early: tuple[int, ...] = ()
    spurious: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()
    chances: tuple[str, ...] = ()
    old: tuple[tuple[int, str], ...] = ()
    places: tuple[str, ...] = ()
    stands: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which something that was said of a program did not hold.

    ``property`` is the property's name, or the name of one of the rules of
    the closed world (``unknown-line``, ``exit-code``, ``stderr``, …), which
    hold without being declared.

    For a controlled run ``lanes`` say which thread printed what, ``tasks``
    which of their numbers are tasks of an event loop, and ``switches`` how many
    departures from the plainest schedule it takes.
    ``scope`` says of a Python program on which interpreters such a run can be: the
    scheduler may have switched threads where this one never does.
    ``line`` is the property's in the spec, ``place`` where in a source it is wrong,
    relative to the example's directory. ``occurrences`` counts the runs that show it, of
    the ``runs`` of its program (0: not known); ``plain_occurrences`` and ``plain_runs``
    (``None``: not known) those among them that nobody steered.

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
    plain_occurrences: int = 0
    plain_runs: int | None = None
    lanes: tuple[LaneRow, ...] = ()
    tasks: tuple[TaskName, ...] = ()
    switches: int | None = None
    scope: str = ""
    doubts: tuple[str, ...] = ()
    confirmation: str = ""
