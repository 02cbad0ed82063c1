"""Schedules as values with a name that one can type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schedules.names import Schedule, Strategy, parse_schedule
from harness.values.errors import UsageError

SEEDED = st.builds(
    Schedule,
    strategy=st.sampled_from((Strategy.RANDOM, Strategy.STICKY, Strategy.WEIGHTED)),
    seed=st.integers(0, 999_999_999),
    early=st.booleans(),
    spurious=st.booleans(),
)
YIELD = st.builds(Schedule, strategy=st.just(Strategy.YIELD), seed=st.integers(0, 999_999_999))
PCT = st.builds(
    Schedule,
    strategy=st.just(Strategy.PCT),
    seed=st.integers(0, 999_999_999),
    depth=st.integers(1, 99),
    early=st.booleans(),
    spurious=st.booleans(),
)
SWITCH = st.builds(
    Schedule,
    strategy=st.just(Strategy.SWITCH),
    switches=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 99))).map(tuple),
    early_steps=st.lists(st.integers(0, 999)).map(tuple),
    spurious_wakes=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 99))).map(tuple),
    weak_steps=st.lists(st.integers(0, 999)).map(tuple),
)


@given(st.one_of(SEEDED, YIELD, PCT, SWITCH))
def test_every_schedule_is_what_its_name_says(schedule: Schedule) -> None:
    """A schedule's name, typed, is that schedule."""
    assert schedule == parse_schedule(str(schedule))


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("plain", Schedule(strategy=Strategy.PLAIN)),
        ("one-core", Schedule(strategy=Strategy.ONE_CORE)),
        ("yield:3", Schedule(strategy=Strategy.YIELD, seed=3)),
        ("random:17", Schedule(strategy=Strategy.RANDOM, seed=17)),
        ("pct2:5", Schedule(strategy=Strategy.PCT, depth=2, seed=5)),
        ("sticky:9/early", Schedule(strategy=Strategy.STICKY, seed=9, early=True)),
        ("probe:4", Schedule(strategy=Strategy.PROBE, seed=4)),
        ("place:4", Schedule(strategy=Strategy.PLACE, seed=4)),
        ("switch:", Schedule(strategy=Strategy.SWITCH)),
        ("switch:14>2,30>0", Schedule(strategy=Strategy.SWITCH, switches=((14, 2), (30, 0)))),
        ("switch:14>2,early@*", Schedule(strategy=Strategy.SWITCH, switches=((14, 2),),
                                         sleepless=True)),
        ("switch:14>2,early@21", Schedule(strategy=Strategy.SWITCH, switches=((14, 2),),
                                          early_steps=(21,))),
        ("random:17/spurious", Schedule(strategy=Strategy.RANDOM, seed=17, spurious=True)),
        ("pct3:1/early/spurious",
         Schedule(strategy=Strategy.PCT, depth=3, seed=1, early=True, spurious=True)),
        ("switch:5>1,early@4,spurious@9>2,weak@12",
         Schedule(strategy=Strategy.SWITCH, switches=((5, 1),), early_steps=(4,),
                  spurious_wakes=((9, 2),), weak_steps=(12,))),
    ],
)  # fmt: skip
def test_the_names_of_the_manual_are_known(name: str, schedule: Schedule) -> None:
    """Each form that the manual shows is taken."""
    assert schedule == parse_schedule(name)


@pytest.mark.parametrize(
    "name",
    ["", "rando:1", "random", "random:", "random:x", "pct:1", "pct0:1", "plain/early", "switch:1",
     "switch:1>2/early", "switch:1>2,", "one-core:3", "yield", "yield:1/early",
     "switch:early@", "switch:early@x", "plain/spurious", "yield:1/spurious",
     "random:1/spurious/early", "switch:spurious@3", "switch:weak@3>1", "probe:1/early",
     "place:1/early",
     "probe:1/spurious", "switch:1>2/spurious"],
)  # fmt: skip
def test_other_names_are_refused_with_the_forms_there_are(name: str) -> None:
    """What is no schedule is refused, and the message names every form."""
    with pytest.raises(
        UsageError, match=r"no schedule is called .*there are plain, one-core, yield"
    ):
        parse_schedule(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("rando:1", "random:1"),
        ("random", "random:0"),
        ("pct", "pct2:0"),
        ("swich:1", "switch:5>1"),
        ("plan", "plain"),
    ],
)
def test_a_misspelt_name_is_told_the_nearest_one(name: str, meant: str) -> None:
    """The message proposes a whole name, one that can be typed as it stands."""
    with pytest.raises(UsageError) as caught:
        parse_schedule(name)
    assert f'"{name}" (did you mean "{meant}"?)' in str(caught.value)
    assert meant == str(parse_schedule(meant))


def test_only_the_system_schedules_cannot_be_replayed() -> None:
    """Plain runs, runs on one core and runs with random yields are not under control."""
    controlled = {strategy for strategy in Strategy if strategy.is_controlled}
    assert {
        Strategy.RANDOM,
        Strategy.STICKY,
        Strategy.PCT,
        Strategy.WEIGHTED,
        Strategy.SWITCH,
        Strategy.PROBE,
        Strategy.PLACE,
    } == controlled
