"""What counts of a controlled run, of one program.

What comes in a run that control may have led astray is laid at nobody's door: it is told, and a
property that broke in such a run counts as broken once it breaks in a plain run, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.bench.doubts import difference, passed_over
from harness.bench.execution import Misfit
from harness.bench.explaining import Explainer, with_lanes
from harness.bench.subject import Executed, Request
from harness.judging.judge import Judgement
from harness.machine.toolchains import why_untried
from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.rotation import plain_rotation
from harness.values.finding import Finding
from harness.values.messages import Message, say
from harness.values.run import MAX_STEPS

MAX_LATE = 3
"""Plain runs that are waited for in vain: each takes the whole timeout."""

TIMES_AS_LONG = 4
"""What ends in a fraction of the bound, and somewhere does not end, goes on for ever there."""

_SHOWN_BY = {
    "no-deadlock": frozenset({"no-deadlock", "ends-in-time"}),
    "within-limits": frozenset({"within-limits", "ends-in-time"}),
}
"""What control sees at once, a plain run shows by not ending."""

MakePlain = Callable[[Request], Judgement | None]
"""Makes a plain run and judges it; ``None`` if the harness was told to stop."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether a plain run shows it too, and in words what plain runs showed."""

    is_given: bool
    text: str


class Confirmer:
    """Keeps what plain runs of a program showed, and makes up to ``budget`` of them.

    Several threads may ask at once: who makes runs holds ``busy``.
    """

    def __init__(self, budget: int, make: MakePlain) -> None:
        self._schedules = plain_rotation(budget)
        self._make = make
        self._made = 0
        self._late = 0
        self._broke: set[str] = set()
        self._busy = threading.Lock()
        self._lock = threading.Lock()

    def note(self, judgement: Judgement) -> None:
        """Keep what a plain run has shown that was made anyway."""
        names = {finding.property for finding in judgement.findings}
        with self._lock:
            self._made += 1
            self._late += "ends-in-time" in names
            self._broke |= names

    def confirm(self, request: Request, name: str) -> Confirmation:
        """See whether the property of that name breaks in a plain run of the program, too."""
        shown_by = _SHOWN_BY.get(name, frozenset({name}))
        # One at a time: what another has asked for may show this, too, and the budget is for all.
        with self._busy:
            while not shown_by & self._broke:
                schedule = self._next()
                if request.subject.plain is None or schedule is None:
                    return Confirmation(is_given=False, text=_in_vain(self._made))
                judgement = self._make(replace(request, schedule=schedule, estimate=None))
                if judgement is None:
                    return Confirmation(is_given=False, text=say("plain.could-not"))
                self.note(judgement)
        return Confirmation(is_given=True, text=say("plain.shows-it"))

    def _next(self) -> Schedule | None:
        """The schedule of the next plain run, as long as one is left in the budget."""
        with self._lock:
            is_spent = self._made >= len(self._schedules) or self._late >= MAX_LATE
            return None if is_spent else self._schedules[self._made]


def _in_vain(made: int) -> Message:
    """What plain runs have shown of a failure that only controlled ones have.

    Nothing, in so many.
    """
    match made:
        case 0:
            return say("plain.none-here")
        case 1:
            return say("plain.not-the-one")
        case _:
            return say("plain.none-of", n=made)


@dataclass(slots=True)
class Weigher:
    """Weighs the controlled runs of one program; several threads may ask at once.

    ``execute`` makes a run again, and raises Misfit where its schedule does not fit.
    """

    execute: Callable[[Request], Executed | None]
    confirmer: Confirmer
    explainer: Explainer
    _unlike: str = ""
    _made_again: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def weigh(
        self, request: Request, executed: Executed, judgement: Judgement
    ) -> tuple[Executed, Judgement, tuple[str, ...]]:
        """A controlled run with its doubts, what of it counts, and what is to be noted."""
        record, unlike, is_long = executed.record, "", ""
        if record is not None:
            name = request.claims.program.name
            if others := passed_over(record, name):
                judgement = replace(judgement, passed_over=others)
            if judgement.findings:
                is_long = self._is_long(request, record)
                unlike = self._in_what_unlike(request, executed, record, judgement)
        why = (*executed.run.doubts, is_long, unlike, why_untried(request.toolchain))
        doubts = tuple(filter(None, why))
        if not judgement.findings and doubts == executed.run.doubts == judgement.doubts:
            return executed, judgement, ()
        executed = replace(executed, run=replace(executed.run, doubts=doubts))
        judgement = self._counted(request, executed, replace(judgement, doubts=doubts))
        path = request.claims.program.path
        return (
            executed,
            judgement,
            (say("note.never-the-same", program=path, unlike=unlike),) * bool(unlike),
        )

    def _counted(self, request: Request, executed: Executed, judgement: Judgement) -> Judgement:
        """The judgement with its findings explained, those apart that do not count."""
        counted: list[Finding] = []
        unconfirmed: list[Finding] = []
        for finding in judgement.findings:
            confirmation = None
            if judgement.doubts:
                confirmation = self.confirmer.confirm(request, finding.property)
                finding = replace(  # noqa: PLW2901
                    finding, doubts=judgement.doubts, confirmation=confirmation.text
                )
            if confirmation is None or confirmation.is_given:
                comes_again = not self._unlike
                counted.append(
                    self.explainer.explained(request, executed, finding, comes_again=comes_again)
                )
            else:
                unconfirmed.append(with_lanes(request, finding, executed))
        if unconfirmed:
            # What such a run printed is none of the interleavings that the properties allow.
            judgement = replace(judgement, signature="")
        return replace(judgement, findings=tuple(counted), unconfirmed=tuple(unconfirmed))

    def _is_long(self, request: Request, record: Record) -> str:
        """Whether the bound on steps may have ended what was only long; empty if not.

        A program that goes on for ever under some schedule has done something else than under the
        plainest. One that takes as many steps there anyway has work to do.
        """
        if record.end != "bound":
            return ""
        plainest = request.subject.estimates.estimated(request, self.execute)
        if plainest is not None and plainest.steps * TIMES_AS_LONG <= MAX_STEPS:
            return ""
        return say("doubt.long", n=MAX_STEPS)

    def _in_what_unlike(
        self, request: Request, executed: Executed, record: Record, judgement: Judgement
    ) -> str:
        """In what runs of the program under one schedule differ; empty if nothing says so.

        The first run that breaks a property is made again. Others wait for what comes of it.
        """
        # Once for each property: a program that breaks in every run would else run twice as often,
        # and what differs from run to run in it differs whichever property is asked.
        with self._lock:
            names = {finding.property for finding in judgement.findings} - self._made_again
            if names and not self._unlike:
                self._made_again |= names
                self._unlike = self._make_again(request, executed, record)
            return self._unlike

    def _make_again(self, request: Request, executed: Executed, record: Record) -> str:
        """In what the run is another when it is made again."""
        first = executed.run, record
        try:
            again = self.execute(request)
        except Misfit:
            return difference(first, None)
        if again is None:
            return ""
        if again.record is None and request.claims.has_said_enough(again.run.stdout):
            # It was stopped as it was meant to be, at a moment that nobody decides.
            return ""
        return difference(first, (again.run, again.record))
