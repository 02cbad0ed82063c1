"""A budget: how many runs a program gets, under which schedules, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from harness.bench.options import Options
from harness.bench.subject import Subject
from harness.schedules.likeliest import in_turn
from harness.schedules.names import PLAIN, Schedule, Strategy
from harness.schedules.rotation import (
    controlled_rotation,
    mixed_rotation,
    plain_rotation,
    yield_rotation,
)

SURE = 3
"""Plain runs before the first controlled one, where breaking is looked for: they are the surest."""

_BATCH = 240
"""Schedules that are drawn at a time: whole rounds of the strategies."""


class Mix(Enum):
    """In which order plain and controlled runs are made.

    ``PLAIN_FIRST``: all plain ones, then probes and drawn schedules mixed (or random yields, where
    nothing can be controlled); a verification, whose threads make many at once. ``SURE_FIRST``: a
    few plain ones, the controlled, the other plain ones; the audit, since most controls break at
    once. ``IN_TURN``: one of each, so that what is easily found is found early; mutants.
    ``DRAWN_IN_TURN``: the same without probes, which were all tried before. ``DRAWN``: controlled
    ones alone, by the strategies in turn; an exploration.
    """

    PLAIN_FIRST = "plain first"
    SURE_FIRST = "a few plain first"
    IN_TURN = "plain and controlled in turn"
    DRAWN_IN_TURN = "plain and drawn in turn"
    DRAWN = "drawn only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent on one program, and how.

    ``runs`` are left to the system and ``schedules`` are controlled, drawn from ``seed`` on (by
    ``strategies`` alone, if some are named); ``only`` takes the place of all. Nothing is enough
    before there are ``at_least`` runs, and no run begins after ``seconds``. Each may take
    ``run_seconds``, or as long as the spec says; after ``most_late`` that took longer, no further
    one like them is made.
    """

    runs: int
    schedules: int
    seed: int = 0
    mix: Mix = Mix.PLAIN_FIRST
    only: tuple[Schedule, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    at_least: int = 0
    seconds: float = float("inf")
    run_seconds: float | None = None
    most_late: int | None = None

    @property
    def searches(self) -> bool:
        """Whether it is spent on one run of each trace first, where there are few."""
        return self.mix is Mix.PLAIN_FIRST and bool(self.schedules) and not self.only

    @property
    def wants_control(self) -> bool:
        """Whether any run is to be controlled."""
        return bool(self.schedules) or any(schedule.is_controlled for schedule in self.only)

    def beyond(self, runs: int, schedules: int) -> Budget:
        """So many further runs, and further schedules if there were any: others than these."""
        return replace(
            self,
            runs=runs if self.runs and not self.only else 0,
            schedules=schedules if self.schedules and not self.only else 0,
            seed=self.seed + self.schedules,
            only=(),
        )

    def part(self, start: int, stop: int) -> Budget:
        """Those of its drawn schedules that come before ``stop``, from ``start`` or shortly before.

        As many as it has are the last ones of the whole budget up to there, each by its own name.
        """
        begin = start - start % _BATCH
        return replace(self, schedules=stop - begin, seed=self.seed + begin)

    def schedules_for(self, subject: Subject) -> Iterator[Schedule]:
        """The schedules that the program is put under, in turn.

        What cannot be controlled here is only run plainly, and with random yields where that is
        worth it.
        """
        if self.only:
            return iter(self.only)
        plain = plain_rotation(self.runs)
        match self.mix:
            case Mix.DRAWN:
                return self._drawn(subject)
            case Mix.PLAIN_FIRST:
                return iter((*plain, *(self._controlled(subject) or self._yields(subject))))
            case Mix.SURE_FIRST:
                return iter((*plain[:SURE], *self._controlled(subject), *plain[SURE:]))
            case Mix.IN_TURN:
                return in_turn((plain, self._controlled(subject)))
            case Mix.DRAWN_IN_TURN:
                return in_turn(((PLAIN,) * self.runs, self._controlled(subject, probes=False)))

    def _controlled(self, subject: Subject, *, probes: bool = True) -> tuple[Schedule, ...]:
        """All controlled schedules; none of a program that cannot be controlled here."""
        if not subject.is_controllable:
            return ()
        rotation = mixed_rotation if probes else controlled_rotation
        return rotation(
            self.schedules, self.seed, early=subject.lets_time_be, old=subject.reads_old
        )

    def _yields(self, subject: Subject) -> tuple[Schedule, ...]:
        """Random yields, where nothing is controlled; they would only slow what is timed."""
        if not subject.uncontrolled or subject.is_timed:
            return ()
        return yield_rotation(self.schedules, self.seed)

    def _drawn(self, subject: Subject) -> Iterator[Schedule]:
        """Controlled schedules without end to speak of: no more are made than are asked for."""
        for start in range(0, self.schedules, _BATCH):
            yield from controlled_rotation(
                min(_BATCH, self.schedules - start),
                self.seed + start,
                early=subject.lets_time_be,
                old=subject.reads_old,
                strategies=self.strategies,
            )


def budget_of(options: Options, mix: Mix = Mix.PLAIN_FIRST) -> Budget:
    """What a call of the harness asks to be spent on each program, in this order."""
    return Budget(
        runs=options.runs,
        schedules=options.schedules,
        seed=options.seed,
        mix=mix,
        only=options.only,
        run_seconds=options.timeout_seconds,
    )
