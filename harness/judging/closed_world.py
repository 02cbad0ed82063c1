"""What holds of every run without being declared: the closed world.

Every line is a declared event, the program ends by itself with exit code 0,
says nothing on stderr and leaves no process behind, unless the spec says
otherwise. Each rule has a name, which reports and controls cite as they cite
a property's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from harness.judging.claims import Claims
from harness.judging.stderr import Stderr
from harness.judging.watch import Watch
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Side
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Run,
    Signalled,
    StderrReport,
    TimedOut,
)

MAX_SHOWN = 100
"""Characters of an unknown line that a finding quotes."""

Broken = tuple[str, Violation]
"""The name of a rule of the closed world, and how it was broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What the closed world asks of a run beside its lines.

    ``lines`` is the number of its lines on stdout; ``complete`` says that each
    of them, the last one too, ended with a line break; ``races`` tell, a line each,
    of accesses that nothing orders.
    """

    ending: Ending
    lines: int
    complete: bool
    stray_processes: int = 0
    races: tuple[str, ...] = ()


def outline_of(run: Run, *, lines: int, complete: bool) -> Outline:
    """The outline of a run that printed so many lines."""
    return Outline(
        ending=run.ending,
        lines=lines,
        complete=complete,
        stray_processes=run.stray_processes,
        races=run.races,
    )


def broken_rules(
    claims: Claims, outline: Outline, watch: Watch, stderr: Stderr
) -> Iterator[Broken]:
    """Everything that the run did and the spec does not speak of."""
    # In the order in which a reader asks: what it printed, what it complained of, how it ended.
    yield from _lines(claims, outline, watch)
    yield from _stderr(claims, stderr)
    yield from _ending(claims, outline.ending)
    if outline.races:
        yield _broken(
            "no-data-race",
            say("world.data-race"),
            say("world.ordered"),
            say("each-on-a-line", items=outline.races),
        )
    if outline.stray_processes:
        count = outline.stray_processes
        yield (
            "no-strays",
            Violation(
                message=say("world.strays"),
                expected=say("world.no-strays"),
                found=say("world.still-running", n=count),
            ),
        )


def _lines(claims: Claims, outline: Outline, watch: Watch) -> Iterator[Broken]:
    """What is wrong with stdout: unknown lines, unexpected events, a cut line, or none at all."""
    if watch.unknown:
        yield "known-lines", _unknown_lines(watch)
    for event, number in watch.unbound.items():
        yield (
            "expected-events",
            Violation(
                message=say("world.unbound", event=event),
                marks=(Mark(line=number, note=say("world.not-expected", event=event)),),
                expected=say("world.no-line-from", event=event, program=claims.program.path),
                found=say("world.one-at", line=number),
            ),
        )
    has_exited = isinstance(outline.ending, Exited)
    is_to_be_whole = must_be_whole(claims) if has_exited else _hangs_as_it_may(claims, outline)
    if outline.lines and not outline.complete and is_to_be_whole:
        yield (
            "whole-lines",
            Violation(
                message=say("world.no-line-break"),
                marks=(Mark(line=outline.lines, note=say("world.last-line")),),
                expected=say("world.line-breaks"),
                found=say("world.fewer"),
            ),
        )
    if not outline.lines and has_exited and _must_print(claims):
        yield (
            "some-output",
            Violation(
                message=say("world.printed-nothing"),
                expected=say("world.some-output"),
                found=say("world.empty-run"),
            ),
        )


def must_be_whole(claims: Claims) -> bool:
    """Whether a run that has exited has ended each of its lines, as far as the spec says.

    A ``print`` writes its text and its line break one after the other. CPython
    stops a daemon thread between the two as well, with the GIL and without; what
    it has buffered is written all the same. Rust prints a line under a lock, and
    leaves at the end what another thread has not finished.
    """
    return claims.spec.last_line == "whole" or claims.program.side is not Side.PYTHON


def _hangs_as_it_may(claims: Claims, outline: Outline) -> bool:
    """Whether it hangs where it may: such a run has said all that it ever will.

    One that was ended in the middle of its work may have been in the middle of a line.
    """
    match outline.ending:
        case Deadlocked() | TimedOut(idle=True):
            return claims.may_hang
        case _:
            return False


def _unknown_lines(watch: Watch) -> Violation:
    """Names the first line that is no event, marks the next few, and counts the rest."""
    first, further = watch.unknown[0], watch.unknown_count - 1
    is_long = first.length > MAX_SHOWN
    shown = f"{first.start[:MAX_SHOWN]}… ({first.length} characters)" if is_long else first.start
    return Violation(
        message=say("world.unknown-line"),
        marks=tuple(Mark(line=number, note=say("world.no-event")) for number, *_ in watch.unknown),
        expected=say("world.known-line"),
        found=say("world.and-more", line=repr(shown), n=further) if further else repr(shown),
    )


def _must_print(claims: Claims) -> bool:
    """Whether any property speaks of a line on stdout: else a program may well be silent."""
    return any(pattern.event in claims.bound for pattern in claims.stdout.patterns)


def _stderr(claims: Claims, stderr: Stderr) -> Iterator[Broken]:
    """What stands on stderr that no event and no property speaks of: lines, panics, exceptions."""
    # An empty line belongs to whatever stands around it, and says nothing by itself.
    loose = [line for line in stderr.rest if line and not claims.stderr.match(line)]
    if loose:
        yield (
            "quiet-stderr",
            Violation(
                message=say("world.stderr-text"),
                expected=say("world.quiet-stderr"),
                found="\n".join(loose[:10]) + ("\n…" if len(loose) > 10 else ""),
            ),
        )
    # Where any property asks for reports, all of them are that one's matter.
    if stderr.reports and not claims.wants_reports:
        is_panic = stderr.reports[0].kind == "panic"
        yield (
            "quiet-stderr",
            Violation(
                message=say("world.panic" if is_panic else "world.exception"),
                expected=say("world.no-report"),
                found=say("each-on-a-line", items=tuple(map(_summary, stderr.reports))),
            ),
        )


def _summary(report: StderrReport) -> Message:
    """A report of stderr in one line, for a finding that nobody has declared it."""
    name = f"{report.type}: " if report.type else ""
    return say(
        "world.report",
        kind=say("report.panic" if report.kind == "panic" else "report.exception"),
        thread=report.thread,
        place=say("at-place", place=str(report.place)) if report.place else "",
        text=f"{name}{report.message}",
    )


def _ending(claims: Claims, ending: Ending) -> Iterator[Broken]:
    """The rule that an ending breaks, unless a property speaks of such endings."""
    broken = _broken_by(ending)
    if broken is not None and not _is_spoken_of(claims, ending):
        yield broken


def _is_spoken_of(claims: Claims, ending: Ending) -> bool:
    """Whether some property says what becomes of a run that ends like this."""
    match ending:
        case Exited() | Signalled():
            return claims.says_how_it_ends
        case TimedOut() | Deadlocked():
            return claims.may_hang or claims.never_ends
        case OverLimit(of_steps=of_steps):
            return claims.never_ends and of_steps
        case NotStarted():
            return False
        case _:
            assert_never(ending)


_DOING = {True: "world.idle", False: "world.busy", None: "world.idle-or-busy"}
"""What is said of a program that was ended after its timeout, by whether it was idle."""


def _broken_by(ending: Ending) -> Broken | None:
    """The rule that an ending breaks by itself; ``None`` for exit code 0."""
    match ending:
        case Exited(0):
            return None
        case Exited(code):
            return _broken("exit-code", say("world.exited", code=code), "0", str(code))
        case Signalled(name):
            message = say("world.signalled", name=name)
            return _broken("exit-code", message, say("world.exit-code-0"), name)
        case TimedOut(seconds, idle):
            message = say("world.late", seconds=seconds)
            return _broken("ends-in-time", message, say("world.an-end"), say(_DOING[idle]))
        case Deadlocked(waiting, others_went_on):
            every = say("each-on-a-line", items=waiting) if waiting else say("world.all-wait")
            message = say("world.some-stuck" if others_went_on else "world.all-stuck")
            return _broken("no-deadlock", message, say("world.an-end"), every)
        case OverLimit(limit):
            wanted = say("world.no-more-than", limit=limit)
            return _broken(
                "within-limits", say("world.over", limit=limit), wanted, say("world.more")
            )
        case NotStarted(reason):
            message = say("world.not-started")
            return _broken("starts", message, say("world.a-running-program"), reason)
        case _:
            assert_never(ending)


def _broken(rule: str, message: str, expected: str, found: str) -> Broken:
    """A violation that concerns the run as a whole, and marks no line."""
    return rule, Violation(message=message, expected=expected, found=found)
