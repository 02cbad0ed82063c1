"""The runs beyond a budget: what some run must show, and none has, is sought where it is likeliest.

Plain runs, and controlled ones of three kinds by turns. Drawn ones come to what nobody thinks of.
A search of traces that was left early goes on: each of its runs is another trace, as a drawn one
need not be. And where another order of the lines that a run has written would show what is wanted,
its schedule is changed until they come so.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from harness.bench.execution import Misfit
from harness.bench.making import Maker
from harness.bench.planning import Work
from harness.bench.proving import Proving
from harness.bench.subject import Request
from harness.bench.trial import Judged, Trial
from harness.judging.judge import judge_run
from harness.schedules.names import Schedule
from harness.schedules.search import departing
from harness.schedules.steering import (
    Writers,
    first_difference,
    in_order,
    other_orders,
    steered,
    writers,
)

WISHES = 2
"""So many other orders of one run's lines are striven for."""

MOST_TRIES = 3
"""From so many runs the same order is striven for."""

_TURNS = ("drawn", "steered", "traced", "steered")


class _Aim(NamedTuple):
    """A schedule that may bring a wished order of lines further than any before it."""

    schedule: Schedule
    wish: Writers
    reached: int
    """So many of its lines came as wished before."""


@dataclass(slots=True, kw_only=True)
class Witnessing:
    """The further runs of one program, as long as something is ``unseen`` (properties, by name)."""

    maker: Maker
    work: Work
    trial: Trial
    unseen: Callable[[], frozenset[str]]
    asked: int = 0
    """So many runs were asked for so far."""
    _aims: deque[list[_Aim]] = field(default_factory=deque)
    """For each wished order what may bring it, the likeliest last."""
    _tried: Counter[Writers] = field(default_factory=Counter)
    _looked_at: set[tuple[bytes, Writers]] = field(default_factory=set)

    def run(self, requests: Iterable[Request]) -> None:
        """Make these runs, or others in the places of controlled ones, until enough is known."""
        if self.trial.subject.claims.program.name in self.work.searches:
            with self.maker.proving(self.work, self.trial) as proving:
                self._run(requests, proving)
        else:
            self._run(requests, None)

    def _run(self, requests: Iterable[Request], proving: Proving | None) -> None:
        controlled = 0
        for request in requests:
            if not self.unseen():
                return
            self.asked += 1
            if request.schedule.is_controlled:
                turn = _TURNS[controlled % len(_TURNS)]
                controlled += 1
                if turn == "steered" and self._steer(request):
                    continue
                if turn == "traced" and proving is not None and proving.step():
                    continue
            if self.maker.gives_up(self.work, self.trial, request):
                continue
            if not self.maker.make(self.work, self.trial, request, self._look_at):
                return

    # --- by lines ----------------------------------------------------------------------

    def _look_at(self, judged: Judged) -> None:
        """Note which other orders of a drawn run's lines would show what is unseen."""
        record, stdout = judged.record, judged.run.stdout
        if record is None or record.is_loose or judged.judgement.findings:
            return
        given = writers(record, stdout)
        if len(set(given)) > 1 and (stdout, given) not in self._looked_at:
            self._looked_at.add((stdout, given))
            orders = other_orders(given, judged.request.index)
            wanted = (wish for wish in orders if self._would_show(judged, wish))
            for wish in islice(wanted, WISHES):
                self._tried[wish] += 1
                self._aims.append(_aims_of(judged, wish))

    def _would_show(self, judged: Judged, wish: Writers) -> bool:
        """Whether a run with its lines in that order would be right, and show what is unseen."""
        assert judged.record is not None  # noqa: S101 - of a run that has none there is no wish
        if self._tried[wish] >= MOST_TRIES:
            return False
        stdout = in_order(judged.record, judged.run.stdout, wish)
        run = replace(judged.run, stdout=stdout)
        judgement = judge_run(self.trial.subject.claims, run)
        return not judgement.findings and not self.unseen().isdisjoint(judgement.witnessed)

    def _steer(self, asked: Request) -> bool:
        """Make the next run that may bring a wished order nearer; false if there is none."""
        while self._aims and not self._aims[0]:
            self._aims.popleft()
        if not self._aims:
            return False
        aim = self._aims[0].pop()
        request = replace(asked, schedule=aim.schedule)
        try:
            judged = self.trial.make(request)
        except Misfit:
            return True
        if judged is not None:
            self.maker.take(self.work, self.trial, judged)
            self._learn(aim, judged)
        return True

    def _learn(self, aim: _Aim, judged: Judged) -> None:
        """Go on from a run that has brought the wish nearer; else there may be another way."""
        if judged.record is None or not (given := writers(judged.record, judged.run.stdout)):
            return
        reached = first_difference(given, aim.wish)
        if reached is None:
            self._aims[0].clear()
        elif reached > aim.reached:
            self._aims[0] = _aims_of(judged, aim.wish)


def _aims_of(judged: Judged, wish: Writers) -> list[_Aim]:
    """What may bring one line more into its wished place than in that run."""
    assert judged.record is not None  # noqa: S101 - of a run that has none there is no wish
    given = writers(judged.record, judged.run.stdout)
    reached = first_difference(given, wish) or 0
    schedules: Iterator[Schedule] = map(departing, steered(judged.record, wish))
    return [_Aim(schedule, wish, reached) for schedule in schedules][::-1]
