"""Plain runs, made to see whether what a doubtful controlled run showed is the program's doing.

What control may have done itself is laid at nobody's door: a property that
broke in such a run counts as broken once it breaks in a plain run, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.bench.execution import Request
from harness.judging.judge import Judgement
from harness.schedules.names import Schedule
from harness.schedules.rotation import plain_rotation
from harness.values.messages import Message, say
from harness.values.program import Side

MAX_LATE = 3
"""Plain runs that are waited for in vain: each takes the whole timeout."""

_SHOWN_BY = {
    "no-deadlock": frozenset({"no-deadlock", "ends-in-time"}),
    "within-limits": frozenset({"within-limits", "ends-in-time"}),
}
"""What control sees at once, a plain run shows by not ending."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Whether a plain run shows it too, and in words what plain runs showed."""

    is_given: bool
    text: str


@dataclass(slots=True)
class _Known:
    """What plain runs of one program have shown. Who makes some holds ``busy``."""

    made: int = 0
    late: int = 0
    broke: set[str] = field(default_factory=set)
    busy: threading.Lock = field(default_factory=threading.Lock)


class Confirmer:
    """Keeps what plain runs of each program showed, and makes up to ``budget`` of them.

    ``make`` makes and judges one; ``None`` if the harness was told to stop.
    Several threads may ask at once.
    """

    def __init__(self, budget: int, make: Callable[[Request], Judgement | None]) -> None:
        self._schedules = plain_rotation(budget)
        self._make = make
        self._known: dict[int, _Known] = {}
        self._lock = threading.Lock()

    def note(self, request: Request, judgement: Judgement) -> None:
        """Keep what a plain run has shown that was made anyway."""
        names = {finding.property for finding in judgement.findings}
        with self._lock:
            known = self._known.setdefault(id(request.claims), _Known())
            known.made += 1
            known.late += "ends-in-time" in names
            known.broke |= names

    def confirm(self, request: Request, name: str) -> Confirmation:
        """See whether the property of that name breaks in a plain run of the program, too."""
        with self._lock:
            known = self._known.setdefault(id(request.claims), _Known())
        build = request.build if request.toolchain.side is Side.PYTHON else request.plain
        shown_by = _SHOWN_BY.get(name, frozenset({name}))
        with known.busy:
            while not shown_by & known.broke:
                schedule = self._next(known)
                if build is None or schedule is None:
                    return Confirmation(is_given=False, text=_in_vain(known))
                judgement = self._make(
                    replace(request, build=build, schedule=schedule, estimate=None)
                )
                if judgement is None:
                    return Confirmation(is_given=False, text=say("plain.could-not"))
                self.note(request, judgement)
        return Confirmation(is_given=True, text=say("plain.shows-it"))

    def _next(self, known: _Known) -> Schedule | None:
        """The schedule of the next plain run, as long as one is left in the budget."""
        with self._lock:
            is_spent = known.made >= len(self._schedules) or known.late >= MAX_LATE
            return None if is_spent else self._schedules[known.made]


def _in_vain(known: _Known) -> Message:
    match known.made:
        case 0:
            return say("plain.none-here")
        case 1:
            return say("plain.not-the-one")
        case made:
            return say("plain.none-of", n=made)
