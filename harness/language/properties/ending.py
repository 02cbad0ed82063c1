"""ending: how the program ends, and which panics and tracebacks it leaves on stderr."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import ClassVar, assert_never

from harness.language.properties.base import Facts, Family, Key, Monitor, Rule, Sample, Told
from harness.language.properties.messages import Expected, left_over, parse_message
from harness.language.properties.selectors import Events
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.messages import Message, say
from harness.values.program import Scope, Side
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Signalled,
    StderrReport,
    TimedOut,
)
from harness.values.words import listed, nearest

MAX_LINES = 100_000
"""Lines after which a program that never ends has shown what it does."""

SIGNALS = tuple(member.name for member in signal.Signals)
"""The names of the signals of this system."""

_EXIT = re.compile(r"exit (\d{1,3})$")


@lru_cache(maxsize=256)
def ending_text(ending: Ending) -> Message:
    """``exit 0``, ``signal SIGABRT``, ``hang``, …: one word or two for any ending."""
    match ending:
        case Exited(code):
            return say("ending.exit", code=code)
        case Signalled(name):
            return say("ending.signal", name=name)
        case Deadlocked():
            return say("ending.hang")
        case TimedOut() as late:
            return say("ending.hang" if late.may_be_hung else "ending.timed-out")
        case OverLimit(limit):
            return say("ending.over-limit", limit=limit)
        case NotStarted():
            return say("ending.not-started")
        case _:
            assert_never(ending)


def parse_ending(text: str) -> Ending | None:
    """The ending that a spec writes as ``exit 0``, ``signal SIGABRT`` or ``hang``, if it is one."""
    if text == "hang":
        return Deadlocked()
    if (found := _EXIT.match(text)) and int(found[1]) < 256:
        return Exited(int(found[1]))
    name = text.removeprefix("signal ")
    return Signalled(name) if name != text and name in SIGNALS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaim:
    """One panic or traceback as it is declared; what is empty or ``None`` is not asked.

    ``exception`` is the type of a Python exception; without it, a Rust panic
    is meant.
    """

    exception: str = ""
    message: Expected | None = None
    thread: str = ""
    at: str = ""

    @property
    def told(self) -> Message:
        """``ZeroDivisionError "division by zero" in thread Thread-1 at "total / count"``."""
        return say(
            "report",
            kind=self.exception or say("report.panic"),
            message=say("quoted", text=str(self.message)) if self.message is not None else "",
            thread=say("report.in-thread", thread=self.thread) if self.thread else "",
            place=say("at-text", text=self.at) if self.at else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRule(Rule):
    """The run ends like ``ending``, and stderr holds just these ``reports``."""

    family: ClassVar[str] = "ending"

    ending: Ending
    reports: tuple[ReportClaim, ...] = ()
    any_order: bool = False

    def sentence(self) -> Message:
        """``it ends with exit 101, and stderr reports a panic "…" in thread main``."""
        ending = ending_text(self.ending)
        if not self.reports:
            return say("ending.quiet", ending=ending)
        return say(
            "ending.reports-in-any-order" if self.any_order else "ending.reports",
            ending=ending,
            reports=tuple(say("ending.a-report", report=report.told) for report in self.reports),
        )

    def monitor(self) -> Monitor:
        """Everything is judged when the run has ended."""
        return _AtTheEnd(self)

    @property
    def replaces_ending(self) -> bool:
        """It names the ending."""
        return True

    @property
    def replaces_reports(self) -> bool:
        """It names every report."""
        return True

    @property
    def allowed_sides(self) -> tuple[Side | None, ...]:
        """Exceptions are Python's, panics are Rust's."""
        if not self.reports:
            return (None, *Side)
        return (Side.PYTHON,) if self.reports[0].exception else (Side.RUST,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endless(Rule):
    """The program never ends: it goes on printing, and is stopped after ``lines`` lines."""

    family: ClassVar[str] = "ending"

    lines: int

    def sentence(self) -> Message:
        """``it never ends: it prints 20 lines and more``."""
        return say("endless", n=self.lines)

    def monitor(self) -> Monitor:
        """Judged when the run has been stopped."""
        return _WhenStopped(self)

    @property
    def enough_lines(self) -> int | None:
        """That is where a run of it is stopped."""
        return self.lines

    @property
    def needs_the_end(self) -> bool:
        """There is none."""
        return False

    @property
    def replaces_ending(self) -> bool:
        """Being stopped takes the place of an end."""
        return True

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """What ends in some run has an end."""
        return (Scope.EVERY_RUN,)


class _WhenStopped(Monitor):
    """The run goes on until it is stopped, and has printed so many lines by then."""

    def __init__(self, rule: Endless) -> None:
        self.rule = rule

    def finish(self, facts: Facts) -> Violation | None:
        wanted = say("endless.expected", n=self.rule.lines)
        printed = say("lines", n=facts.lines)
        match facts.ending:
            case TimedOut(seconds) if facts.lines < self.rule.lines:
                message = say("endless.too-few", seconds=seconds)
                return Violation(message=message, expected=wanted, found=printed)
            case TimedOut() | OverLimit():
                # Under control a thread that only looks may use up the steps of all others.
                return None
            case Deadlocked(waiting):
                return Violation(
                    message=say("endless.stuck"),
                    expected=wanted,
                    found=say("each-on-a-line", items=(printed, *waiting)),
                )
            case _:
                found = ending_text(facts.ending)
                return Violation(message=say("endless.ends"), expected=wanted, found=found)


class _AtTheEnd(Monitor):
    """How the run ended, and what it reported on standard error: a claim for each report."""

    def __init__(self, rule: EndingRule) -> None:
        self.rule = rule

    def finish(self, facts: Facts) -> Violation | None:
        expected, found = ending_text(self.rule.ending), ending_text(facts.ending)
        if expected != found:
            message = say("ending.not-with", ending=expected)
            return Violation(message=message, expected=expected, found=found)
        return self._compare_anyhow(facts) if self.rule.any_order else self._compare(facts)

    def _compare(self, facts: Facts) -> Violation | None:
        """The reports in the order in which they were printed, each with the claim of its place."""
        for claim, report in zip_longest(self.rule.reports, facts.reports):
            if claim is None or report is None or not _fits(claim, report, facts):
                return _wrong(claim, report)
        return None

    def _compare_anyhow(self, facts: Facts) -> Violation | None:
        """The reports in any order: which of two threads panics first is nobody's claim."""
        missing, extra = left_over(
            self.rule.reports, facts.reports, lambda claim, report: _fits(claim, report, facts)
        )
        if not missing and not extra:
            return None
        return _wrong(next(iter(missing), None), next(iter(extra), None))


def _wrong(claim: ReportClaim | None, report: StderrReport | None) -> Violation:
    """One that is missing, one too many, or one in the place of another."""
    if claim is None:
        message = say("report.one-more")
    elif report is None:
        message = say("report.missing")
    else:
        message = say("report.other")
    return Violation(
        message=message,
        expected=say("report.no-further") if claim is None else claim.told,
        found=say("report.no-further") if report is None else _describe(report),
    )


def _describe(report: StderrReport) -> Message:
    """A report as a finding shows it: its kind or type, message, thread and place."""
    return say(
        "report",
        kind=report.type or say("report.panic" if report.kind == "panic" else "report.exception"),
        message=say("quoted", text=report.message),
        thread=say("report.in-thread", thread=report.thread),
        place=say("at-place", place=str(report.place)) if report.place is not None else "",
    )


def _fits(claim: ReportClaim, report: StderrReport, facts: Facts) -> bool:
    """Whether a report has all that is claimed; what is not claimed may be anything."""
    if claim.exception:
        is_kind = report.kind == "exception" and _is_type(claim.exception, report.type)
    else:
        is_kind = report.kind == "panic"
    return (
        is_kind
        and (claim.message is None or claim.message.matches(report.message))
        and (not claim.thread or claim.thread == report.thread)
        and (not claim.at or claim.at in _line_of(report, facts))
    )


def _is_type(claimed: str, found: str) -> bool:
    """A type may be claimed without its module, which is not the same in every version."""
    return found == claimed or found.endswith(f".{claimed}")


def _line_of(report: StderrReport, facts: Facts) -> str:
    """The text of the innermost line of the program that the report points at.

    Below it may be lines of a library, of which only a traceback knows the text.
    """
    frames = report.frames or ((report.place,) if report.place is not None else ())
    lines = facts.source.split("\n")
    for frame in reversed(frames):
        if _is_file(frame.file, facts.path) and 0 < frame.line <= len(lines):
            return lines[frame.line - 1]
    return frames[-1].text if frames else ""


def _is_file(found: str, path: str) -> bool:
    """Whether ``found`` is the program's file: both sides print more of its path, or all."""
    parts, wanted = PurePosixPath(found).parts, PurePosixPath(path).parts
    return parts[len(parts) - len(wanted) :] == wanted


def parse(table: Table, events: Events) -> EndingRule | Endless:
    """Read the table of an ending: a code or a signal (else code 0), and the reports; or none."""
    del events
    if "endless" in table:
        return _parse_endless(table)
    if not any(key in table for key in ("code", "signal", "reports")):
        table.fail("", 'expected "code", "signal", "reports" or "endless"')
    ending = _parse_how(table)
    reports = tuple(_parse_report(item) for item in table.tables("reports"))
    if len({bool(report.exception) for report in reports}) > 1:
        table.fail("reports", "no program gives both exceptions and panics")
    any_order = table.flag("reports-in-any-order", default=False)
    if any_order and len(reports) < 2:
        table.fail("reports-in-any-order", "expected two reports or more to have an order")
    return EndingRule(ending=ending, reports=reports, any_order=any_order)


def _parse_endless(table: Table) -> Endless:
    """That a program never ends: it has to print so many lines for that."""
    if not table.flag("endless"):
        table.fail("endless", "expected true; what ends is said by its code or its signal")
    lines = table.integer("at-least")
    if not 0 < lines <= MAX_LINES:
        table.fail("at-least", f"expected a number of lines from 1 to {MAX_LINES}, found {lines}")
    return Endless(lines=lines)


def _parse_how(table: Table) -> Ending:
    """By its exit code (0, if nothing is said) or its signal."""
    code, name = table.integer("code", None), table.text("signal", None)
    if code is not None and name is not None:
        table.fail("signal", 'give either "code" or "signal", not both')
    if name is not None and name not in SIGNALS:
        table.fail("signal", f'there is no signal "{name}"{nearest(name, SIGNALS)}')
    if code is not None and not 0 <= code <= 255:
        table.fail("code", f"expected an exit code from 0 to 255, found {code}")
    return Signalled(name) if name is not None else Exited(code or 0)


def _parse_report(table: Table) -> ReportClaim:
    """One panic or exception, with what is claimed of it."""
    given = [key for key in ("exception", "panic") if key in table]
    if len(given) != 1:
        table.fail("", f"expected exactly one of {listed(('exception', 'panic'))}")
    exception, message = table.text("exception", ""), parse_message(table, "message")
    panic = parse_message(table, "panic")
    if panic is not None and message is not None:
        table.fail("message", 'the message of a panic is what "panic" says')
    if panic is None and not exception:
        table.fail("exception", "expected the type of an exception, found an empty text")
    report = ReportClaim(
        exception=exception,
        message=message if panic is None else panic,
        thread=table.text("thread", ""),
        at=table.text("at", ""),
    )
    table.finish()
    return report


_SOURCE = """\
def mean(total, count):
    return total / count
"""

_TRACEBACK = """\
Traceback (most recent call last):
  File "/home/anna/mean/main.py", line 2, in mean
    return total / count
ZeroDivisionError: division by zero
"""


def _panic(thread: str) -> str:
    return f"""\
thread '{thread}' panicked at src/main.rs:5:9:
the {thread} gives up
"""


FAMILY = Family(
    name="ending",
    summary="How it ends: exit code or signal, and exactly which panics or exceptions it reports.",
    keys=(
        Key(name="code", takes="number", says="the exit code; 0 if nothing is said"),
        Key(name="signal", takes="name", says='the signal that ends it, such as "SIGABRT"'),
        Key(
            name="reports",
            takes="list of tables",
            says="the panics or exceptions on stderr, just these in this order: "
            "`exception` (type) and `message`, or `panic` (message); `thread`; "
            "`at` (a part of the source line); messages are patterns",
        ),
        Key(
            name="endless",
            takes="true",
            says="instead of all this: it never ends, and is stopped after `at-least` lines. What "
            "else is said of such a program must be broken by a line when it comes: orders, "
            "`at-most`, `prefix-of`, `among`, `increasing`, `distinct`, sections with "
            "`left = false`",
        ),
        Key(
            name="at-least",
            takes="number",
            says="with `endless`: so many lines it prints within its timeout; then it is stopped",
        ),
        Key(name="reports-in-any-order", takes="true", says="the order of reports does not matter"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='start = "start"',
            rule="ending = { code = 101 }",
            accepted="start\n",
            refused="start\n",
            violation="it does not end with exit 101",
            accepted_with=Told(ending="exit 101"),
        ),
        Sample(
            events='start = "start"',
            rule="""ending = { code = 1, reports = [
    { exception = "ZeroDivisionError", message = "division by {what}", at = "total / count" },
] }""",
            accepted="start\n",
            refused="start\n",
            violation="stderr does not report all that it should",
            accepted_with=Told(ending="exit 1", stderr=_TRACEBACK),
            refused_with=Told(ending="exit 1"),
            source=_SOURCE,
            path="main.py",
        ),
        Sample(
            events='start = "start"',
            rule='ending = { signal = "SIGABRT" }',
            accepted="start\n",
            refused="start\n",
            violation="it does not end with signal SIGABRT",
            accepted_with=Told(ending="signal SIGABRT"),
            refused_with=Told(ending="exit 1"),
        ),
        Sample(
            events='start = "start"',
            rule="""ending = { code = 0, reports-in-any-order = true, reports = [
    { panic = "the first gives up", thread = "first" },
    { panic = "the second gives up", thread = "second" },
] }""",
            accepted="start\n",
            refused="start\n",
            violation="stderr does not report all that it should",
            accepted_with=Told(stderr=_panic("second") + _panic("first")),
            refused_with=Told(stderr=_panic("second")),
        ),
        Sample(
            events='served = "served {n:d}"',
            rule="ending = { endless = true, at-least = 2 }",
            accepted="served 1\nserved 2\n",
            refused="served 1\nserved 2\n",
            violation="it ends",
            accepted_with=Told(ending="timed out"),
        ),
    ),
)
