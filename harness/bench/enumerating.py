"""Every text that a program prints under any schedule within a bound, as far as time goes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from harness.bench.budget import Budget, Mix
from harness.bench.execution import HarnessFault
from harness.bench.subject import Request, Subject
from harness.bench.trial import Trial
from harness.schedules.search import Bound, Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What was printed, each text with the number of schedules that gave it.

    Only if it ``is_complete`` has every schedule within the bound been run: each hand-over at up
    to ``points`` points a run.
    """

    texts: Mapping[bytes, int]
    schedules: int
    is_complete: bool
    points: int = 0


def enumerate_outputs(subject: Subject, *, most: int, seconds: float) -> Outputs:
    """Run the program under every schedule, until there is none left or the budget is spent."""
    search = Search(Bound(early=subject.lets_time_be))
    trial = Trial(
        subject=subject, budget=Budget(runs=0, schedules=most, mix=Mix.DRAWN), explains=False
    )
    texts: Counter[bytes] = Counter()
    started = time.monotonic()
    while texts.total() < most and time.monotonic() - started < seconds:
        schedule = search.next()
        if schedule is None:
            break
        request = Request(subject=subject, schedule=schedule, index=texts.total(), candidates=True)
        try:
            executed = trial.execute(request)
        except HarnessFault:
            executed = None
        if executed is None:
            break
        texts[executed.run.stdout] += 1
        search.add(executed.record)
    return Outputs(
        texts=texts,
        schedules=texts.total(),
        is_complete=search.is_complete,
        points=search.points,
    )
