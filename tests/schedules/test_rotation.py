"""What a budget of runs is spent on."""

from __future__ import annotations

from collections import Counter

from harness.schedules.names import Strategy, parse_schedule
from harness.schedules.rotation import (
    TURNS,
    controlled_rotation,
    mixed_rotation,
    plain_rotation,
    yield_rotation,
)


def test_the_strategies_take_turns_and_each_turn_has_a_seed_of_its_own() -> None:
    """A budget of one round has every strategy and depth in it; seeds count up."""
    first = controlled_rotation(len(TURNS), 100)
    assert Counter(TURNS) == Counter((s.strategy, s.depth) for s in first)
    assert list(range(100, 100 + len(TURNS))) == [s.seed for s in first]


def test_a_thread_may_run_to_its_end_in_some_turn_of_every_round() -> None:
    """No other strategy lets one do so with a likelihood that its length does not lower."""
    assert (Strategy.PCT, 1) in TURNS


def test_timeouts_are_early_in_every_second_turn_if_the_example_allows_it() -> None:
    """Two rounds have each strategy both ways; where the point is time, all are strict."""
    rounds = controlled_rotation(2 * len(TURNS))
    assert Counter(TURNS) == Counter((s.strategy, s.depth) for s in rounds if s.early)
    assert not any(s.early for s in controlled_rotation(2 * len(TURNS), early=False))


def test_only_the_strategies_that_were_named_take_turns() -> None:
    """With the same seeds as ever, from the first on."""
    only = controlled_rotation(4, 7, strategies={Strategy.STICKY})
    names = ["sticky:7", "sticky:8/early", "sticky:9/spurious", "sticky:10/early"]
    assert names == list(map(str, only))


def test_waits_wake_for_nothing_in_a_third_of_the_turns_and_in_each_strategys() -> None:
    """Three rounds have each strategy and depth under such a schedule once, and twice without."""
    rounds = controlled_rotation(3 * len(TURNS))
    spurious = Counter((s.strategy, s.depth) for s in rounds if s.spurious)
    assert Counter(TURNS) == spurious


def test_half_of_what_a_program_is_put_under_are_probes_and_a_quarter_goes_by_place() -> None:
    """The first nine come first of all; where there is one schedule only, that is drawn."""
    mixed = mixed_rotation(40, 100)
    probes = [f"probe:{number}" for number in range(20)]
    assert probes[:9] == list(map(str, mixed[:9]))
    assert probes[9:] == list(map(str, mixed[10:32:2]))
    others = (*mixed[9:31:2], *mixed[31:])
    assert controlled_rotation(10, 100) == others[::2]
    assert [f"place:{number}" for number in range(10)] == list(map(str, others[1::2]))
    instead = (each.instead for each in others[1::2])
    assert controlled_rotation(20, 100) == (*others[::2], *instead)
    assert controlled_rotation(1, 7) == mixed_rotation(1, 7)


def test_every_schedule_has_a_name_that_means_it() -> None:
    """What a finding shows can be typed."""
    every = (*mixed_rotation(80), *yield_rotation(3, 5), *plain_rotation(6))
    assert every == tuple(parse_schedule(str(schedule)) for schedule in every)


def test_every_fifth_run_without_control_is_on_one_core() -> None:
    """The others are plain."""
    names = list(map(str, plain_rotation(10)))
    assert ["plain", "plain", "plain", "plain", "one-core"] * 2 == names
