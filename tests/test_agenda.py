"""What there is to do, given to several threads: in order, but for what cannot be done yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.agenda import Agenda
from harness.bench.making import Maker
from harness.bench.options import Options
from harness.bench.planning import Work
from harness.bench.subject import Request
from harness.bench.trial import Trial
from harness.bench.verifying import verify
from harness.language.spec import load_spec
from harness.machine.cores import PARTS
from harness.machine.toolchains import default_python
from harness.values.program import Side
from harness.values.report import Outcome

STATE = Path(__file__).parents[1] / ".harness" / "fixtures"
PATIENCE_SECONDS = 60.0
"""For a run to begin, however busy the machine is."""


def agenda_of(items: list[str], events: dict[str, threading.Event]) -> Agenda[str]:
    """Items of which those wait that have an event by their first letter, but for capitals."""
    return Agenda((item for item in items), lambda item: filter(None, (events.get(item[0]),)))


def test_what_waits_for_nothing_comes_in_order() -> None:
    """An event that has come already is none to wait for."""
    come = threading.Event()
    come.set()
    assert ["A", "a1", "b1"] == list(agenda_of(["A", "a1", "b1"], {"a": come}))


def test_what_cannot_be_done_yet_is_passed_over_and_comes_first_once_it_can() -> None:
    """One thread takes what comes after it, and then what it has passed over, in its order."""
    end = threading.Event()
    agenda = agenda_of(["A", "a1", "a2", "b1", "b2", "b3"], {"a": end})
    assert ["A", "b1"] == [next(agenda), next(agenda)]
    end.set()
    agenda.look_again()
    assert ["a1", "a2", "b2", "b3"] == list(agenda)


def test_who_has_nothing_else_to_do_waits_for_the_event() -> None:
    """And nobody is told that there is no more before all has been given out."""
    end = threading.Event()
    taken: list[str] = []
    agenda = agenda_of(["A", "a1", "a2"], {"a": end})
    assert next(agenda) == "A"
    others = [threading.Thread(target=lambda: taken.extend(agenda)) for _ in range(2)]
    for thread in others:
        thread.start()
    assert [] == taken
    end.set()
    agenda.look_again()
    for thread in others:
        thread.join(30)
    assert ["a1", "a2"] == sorted(taken)


def test_several_events_are_waited_for_at_once() -> None:
    """The one that comes first is followed first."""
    ends = {"a": threading.Event(), "b": threading.Event()}
    agenda = agenda_of(["a1", "b1", "c1", "b2", "c2"], ends)
    assert next(agenda) == "c1"
    ends["b"].set()
    assert ["b1", "b2", "c2"] == [next(agenda) for _ in range(3)]
    ends["a"].set()
    assert ["a1"] == list(agenda)


class Coming(threading.Event):
    """An event that comes while it is asked for."""

    def is_set(self) -> bool:
        """Not yet, for the last time."""
        was_set = super().is_set()
        self.set()
        return was_set


def test_an_event_that_comes_just_then_hides_no_second_one() -> None:
    """Whoever is told of the first is still to wait for the other."""
    first, second = Coming(), threading.Event()
    events = {"a": (first, second)}
    agenda = Agenda(["a1", "b1"], lambda item: events.get(item[0], ()))
    assert next(agenda) == "b1"
    second.set()
    assert ["a1"] == list(agenda)


def test_a_long_search_keeps_no_thread_from_what_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search of the first example ends only once a run of the second has been made."""
    specs = [
        load_spec(scaffold(tmp_path / "corpus", "topic", name, (Side.PYTHON,)).directory)
        for name in ("first", "second")
    ]
    second, search, make = threading.Event(), Maker.search, Maker.make
    in_time: list[bool] = []

    def search_late(self: Maker, work: Work, trial: Trial, is_over: Callable[[], bool]) -> None:
        if work.plan.spec.name == "first":
            in_time.append(second.wait(PATIENCE_SECONDS))
        search(self, work, trial, is_over)

    def make_and_tell(self: Maker, work: Work, trial: Trial, request: Request) -> bool:
        if work.plan.spec.name == "second":
            second.set()
        return make(self, work, trial, request)

    monkeypatch.setattr(Maker, "search", search_late)
    monkeypatch.setattr(Maker, "make", make_and_tell)
    options = Options(runs=1, schedules=2, jobs=2, sides=(Side.PYTHON,), state=STATE)
    report = verify(specs, [default_python()], options, lambda _: None)
    assert [Outcome.PASSED] * 2 == [verdict.outcome for verdict in report.verdicts]
    assert [True] == in_time


def test_runs_that_sleep_are_made_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one core as many as parts of it are had, all of which are under way at one moment."""
    spec = load_spec(scaffold(tmp_path / "corpus", "topic", "asleep", (Side.PYTHON,)).directory)
    together, make, met = threading.Barrier(PARTS), Maker.make, []

    def make_together(self: Maker, work: Work, trial: Trial, request: Request) -> bool:
        if request.index:  # the first is made alone
            met.append(together.wait(PATIENCE_SECONDS))
        return make(self, work, trial, request)

    monkeypatch.setattr(Maker, "make", make_together)
    monkeypatch.setattr(Trial, "parts_for", lambda *_: 1)
    options = Options(runs=1 + PARTS, schedules=0, jobs=1, packs=True, state=STATE)
    report = verify([spec], [default_python()], options, lambda _: None)
    assert [Outcome.PASSED] == [verdict.outcome for verdict in report.verdicts]
    assert len(met) == PARTS


def test_what_has_been_passed_over_may_have_to_wait_for_something_else() -> None:
    """It is passed over again then, and what comes after it is not kept waiting."""
    first, second = threading.Event(), threading.Event()
    waits = {"a": [first, second], "b": [first]}

    agenda = Agenda(iter(["a", "b", "c", "d"]), lambda item: waits.get(item, ()))
    assert next(agenda) == "c"
    first.set()
    assert ["b", "d"] == [next(agenda), next(agenda)]
    second.set()
    assert ["a"] == list(agenda)
