"""What a budget of runs is spent on."""

from __future__ import annotations

from collections import Counter

from harness.schedules.names import Strategy, parse_schedule
from harness.schedules.rotation import (
    TURNS,
    controlled_rotation,
    plain_rotation,
    yield_rotation,
)


def test_the_strategies_take_turns_and_each_turn_has_a_seed_of_its_own() -> None:
    """A budget of one round has every strategy and depth in it, strict; seeds count up."""
    first = controlled_rotation(len(TURNS), 100)
    assert Counter(TURNS) == Counter((s.strategy, s.depth) for s in first)
    assert list(range(100, 100 + len(TURNS))) == [s.seed for s in first]
    assert not any(s.early for s in first)


def test_a_thread_may_run_to_its_end_in_some_turn_of_every_round() -> None:
    """No other strategy lets one do so with a likelihood that its length does not lower."""
    assert (Strategy.PCT, 1) in TURNS


def test_timeouts_are_early_in_every_second_round_if_the_example_allows_it() -> None:
    """Strict and early rounds alternate; where the example's point is time, all are strict."""
    rounds = controlled_rotation(2 * len(TURNS))
    assert [False] * len(TURNS) + [True] * len(TURNS) == [s.early for s in rounds]
    assert not any(s.early for s in controlled_rotation(2 * len(TURNS), early=False))


def test_only_the_strategies_that_were_named_take_turns() -> None:
    """With the same seeds as ever, from the first on."""
    only = controlled_rotation(4, 7, strategies={Strategy.STICKY})
    assert ["sticky:7", "sticky:8/early", "sticky:9", "sticky:10/early"] == list(map(str, only))


def test_every_schedule_has_a_name_that_means_it() -> None:
    """What a finding shows can be typed."""
    every = (*controlled_rotation(40), *yield_rotation(3, 5), *plain_rotation(6))
    assert every == tuple(parse_schedule(str(schedule)) for schedule in every)


def test_every_fifth_run_without_control_is_on_one_core() -> None:
    """The others are plain."""
    names = list(map(str, plain_rotation(10)))
    assert ["plain", "plain", "plain", "plain", "one-core"] * 2 == names
