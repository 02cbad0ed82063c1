"""As few departures as there can be, on modelled programs of two to six threads."""

from __future__ import annotations

import random

import pytest

from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.reduction import TriedSchedule, reduce_schedule
from harness.schedules.search import Departure, departing, departures_of, options_of, place_of
from tests.schedules.modelled import ModelProgram, random_program, run_program

BUDGET = 500
SAMPLE = 4


def failing_run(chance: random.Random, workers: int) -> tuple[ModelProgram, Record]:
    """A program that fails, but not under the plainest schedule, and one of its failing runs."""
    while True:
        program = random_program(chance, workers)
        plainest = run_program(program, departing(()))
        for _ in range(40):
            outcome = run_program(program, chance)
            if outcome and outcome[1] and plainest and not plainest[1]:
                return program, outcome[0]


def fewest(program: ModelProgram, most: int) -> int:
    """With how few departures a program fails, tried one after the other; ``most`` if none does."""
    level: list[tuple[Departure, ...]] = [()]
    for count in range(most):
        following = []
        for departures in level:
            outcome = run_program(program, departing(departures))
            assert outcome is not None
            if outcome[1]:
                return count
            record = outcome[0]
            options = options_of(record, place_of(record, departures))
            following += [(*departures, option.departure) for option in options]
        level = following
    return most


@pytest.mark.parametrize("workers", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("seed", range(SAMPLE))
def test_a_schedule_is_reduced_to_the_fewest_departures_there_are(seed: int, workers: int) -> None:
    """Held against all schedules with fewer, up to two departures; the run made again fails."""
    program, record = failing_run(random.Random(seed * 7 + workers), workers)

    def attempt(schedule: Schedule) -> TriedSchedule[Schedule] | None:
        outcome = run_program(program, schedule)
        return None if outcome is None else TriedSchedule(*outcome, kept=schedule)

    reduced = reduce_schedule(record, attempt, budget=BUDGET)
    assert reduced is not None
    assert reduced.tries <= BUDGET
    assert fewest(program, len(reduced.departures)) == len(reduced.departures)
    again = run_program(program, reduced.schedule)
    assert again is not None
    assert again[1]
    assert reduced.departures == departures_of(again[0])


def test_what_no_list_says_again_is_reduced_to_one_departure_if_that_fails() -> None:
    """A run that cannot be made again by its departures, like one in which no sleep takes time."""
    program, record = failing_run(random.Random(7), 3)
    own = departing(departures_of(record))
    assert fewest(program, 2) == 1

    def attempt(schedule: Schedule) -> TriedSchedule[Schedule] | None:
        outcome = None if schedule == own else run_program(program, schedule)
        return None if outcome is None else TriedSchedule(*outcome, kept=schedule)

    reduced = reduce_schedule(record, attempt, budget=BUDGET)
    assert reduced is not None
    assert 1 == len(reduced.departures)
    assert reduced.tries <= BUDGET // 2


def test_nothing_is_reduced_where_no_run_fails_again() -> None:
    """Half of the budget is spent on looking, and no more."""
    program, record = failing_run(random.Random(7), 3)
    tries = []

    def attempt(schedule: Schedule) -> TriedSchedule[Schedule] | None:
        tries.append(schedule)
        outcome = run_program(program, schedule)
        return outcome and TriedSchedule(outcome[0], fails=False, kept=schedule)

    assert None is reduce_schedule(record, attempt, budget=20)
    assert len(tries) <= 10
