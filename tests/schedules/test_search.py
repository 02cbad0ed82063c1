"""Making failing schedules small, and enumerating all of them, on a modelled program.

The model is a set of threads that each make a number of steps; the scheduler
decides before each step while more than one of them has steps left.
"""

from itertools import starmap
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schedules.names import Schedule
from harness.schedules.record import Decision, Record
from harness.schedules.reduction import TriedSchedule, reduce_schedule
from harness.schedules.search import (
    Bound,
    Search,
    default_choice,
    departing,
    departures_of,
    hand_over,
)


def run_model(schedule: Schedule, steps: tuple[int, ...]) -> tuple[Record, str]:
    """Run the model under a ``switch:`` schedule: its record, and who made each step."""
    left = list(steps)
    switches = dict(schedule.switches)
    decisions: list[Decision] = []
    trace = ""
    current = 0
    while any(left):
        runnable = tuple(thread for thread, rest in enumerate(left) if rest)
        if len(runnable) > 1:
            forced = not left[current]
            decision = Decision(
                number=len(decisions), current=current, chosen=0, runnable=runnable, forced=forced
            )
            chosen = switches.get(decision.number, default_choice(decision))
            decisions.append(
                Decision(
                    number=decision.number,
                    current=current,
                    chosen=chosen,
                    runnable=runnable,
                    forced=forced,
                )
            )
            current = chosen
        else:
            (current,) = runnable
        left[current] -= 1
        trace += str(current)
    return Record(end="exit", decisions=tuple(decisions)), trace


def search_all(search: Search, steps: tuple[int, ...]) -> set[str]:
    """Every trace that the search comes to."""
    traces = set()
    while (schedule := search.next()) is not None:
        record, trace = run_model(schedule, steps)
        search.add(record)
        traces.add(trace)
    return traces


@pytest.mark.parametrize("steps", [(3, 4), (1, 1), (5, 2), (2, 2, 2)])
def test_a_search_without_bound_comes_to_every_interleaving(steps: tuple[int, ...]) -> None:
    """All interleavings are found, and only then is the search complete."""
    search = Search()
    expected = comb(sum(steps[:2]), steps[0])
    if len(steps) == 3:
        expected *= comb(sum(steps), steps[2])
    assert not search.is_complete
    assert expected == len(search_all(search, steps))
    assert search.is_complete


def test_a_bounded_search_keeps_to_its_bound_and_says_so() -> None:
    """With no preemption each thread runs to its end, in any order of the threads."""
    assert {"0001111", "1111000"} >= search_all(Search(Bound(preemptions=0)), (3, 4))
    assert {"0001111"} < search_all(Search(Bound(preemptions=1)), (3, 4))


def test_a_search_that_was_cut_short_is_not_complete() -> None:
    """Completeness may be claimed where the search has ended, and nowhere else."""
    search = Search()
    schedule = search.next()
    assert schedule is not None
    search.add(run_model(schedule, (3, 4))[0])
    assert not search.is_complete
    assert search.left > 0


@pytest.mark.parametrize(("tried", "reached"), [(0, -1), (1, 0), (3, 0), (35, None)])
def test_a_search_that_was_cut_says_how_far_it_has_come(tried: int, reached: int | None) -> None:
    """Up to that many preemptions every schedule has been run."""
    search, seen = Search(), set()
    for _ in range(tried):
        schedule = search.next()
        assert schedule is not None
        record, trace = run_model(schedule, (3, 4))
        search.add(record)
        seen.add(trace)
    assert reached == search.reached
    if reached is not None and reached >= 0:
        assert search_all(Search(Bound(preemptions=reached)), (3, 4)) <= seen


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from((0, 1))), max_size=10))
def test_a_run_is_made_again_by_the_switches_read_off_it(pairs: list[tuple[int, int]]) -> None:
    """The switches of a record give the same trace, whatever they were found by."""
    steps = (6, 8)
    possible: dict[int, int] = {}
    for number, thread in sorted(pairs):
        record, _ = run_model(departing(starmap(hand_over, possible.items())), steps)
        if number < len(record.decisions):
            possible[number] = thread
    record, trace = run_model(departing(starmap(hand_over, sorted(possible.items()))), steps)
    again, same = run_model(departing(departures_of(record)), steps)
    assert (trace, record) == (same, again)


def test_a_failing_schedule_is_reduced_to_the_one_switch_that_matters() -> None:
    """Of many departures only that one is left which makes the run fail."""
    steps = (6, 8)
    noisy = departing(starmap(hand_over, ((1, 1), (3, 0), (4, 1), (6, 0), (8, 1), (9, 0))))
    record, trace = run_model(noisy, steps)
    assert "01" in trace

    def attempt(schedule: Schedule) -> TriedSchedule[str]:
        again, what = run_model(schedule, steps)
        return TriedSchedule(again, what.index("1") < 6, what)

    reduced = reduce_schedule(record, attempt, budget=200)
    assert reduced is not None
    assert len(reduced.schedule.switches) == 1
    assert reduced.kept == run_model(reduced.schedule, steps)[1]


def test_a_smaller_schedule_is_found_that_is_no_part_of_the_first() -> None:
    """Where leaving out leads no further, a search comes to a failing run with fewer departures.

    Thread 1 makes its first step within the first four: one hand-over does it, at decision 1, 2 or
    3, but none of the two departures of the run at hand fails alone.
    """
    steps = (6, 8)
    record, trace = run_model(departing((hand_over(0, 1), hand_over(1, 0))), steps)
    assert trace.startswith("10")

    def attempt(schedule: Schedule) -> TriedSchedule[str]:
        again, what = run_model(schedule, steps)
        alone = schedule.switches in (((0, 1),), ((1, 0),))
        return TriedSchedule(again, what.index("1") < 4 and not alone, what)

    reduced = reduce_schedule(record, attempt, budget=200)
    assert reduced is not None
    assert len(reduced.schedule.switches) == 1
    assert reduced.schedule.switches[0][0] in (1, 2, 3)


def test_what_cannot_be_made_again_is_not_reduced() -> None:
    """If the run does not fail again as a switch schedule, nothing smaller is claimed."""
    record, _ = run_model(departing((hand_over(1, 1),)), (3, 4))
    assert (
        reduce_schedule(record, lambda _: TriedSchedule(record, fails=False, kept=None), budget=50)
        is None
    )
    assert reduce_schedule(record, lambda _: None, budget=50) is None


def test_reduction_keeps_to_its_budget() -> None:
    """No more runs are made than were allowed."""
    record, _ = run_model(departing(hand_over(n, n % 2) for n in range(10)), (8, 8))
    tries = 0

    def attempt(schedule: Schedule) -> TriedSchedule[None]:
        nonlocal tries
        tries += 1
        return TriedSchedule(run_model(schedule, (8, 8))[0], fails=True, kept=None)

    reduce_schedule(record, attempt, budget=7)
    assert tries <= 7
