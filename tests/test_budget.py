"""In which order a budget spends its runs: published figures rest on it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from harness.bench.budget import Budget, Mix
from harness.bench.subject import Subject
from harness.schedules.names import Strategy, parse_schedule
from harness.values.program import Side
from harness.values.toolchain import Built, Toolchain
from tests.claiming import claims_of

SPEC = """
[events]
total = "total {n:d}"
[[property]]
name   = "nothing-lost"
why    = "all are counted"
values = { of = "total.n", among = [2] }
"""
BUILT = Built(command=("/python", "main.py"))
BUDGET = Budget(runs=5, schedules=4, seed=7)
DRAWN = ("random:7", "pct2:8/early", "weighted:9/spurious", "sticky:10/early")
MIXED = ("probe:0", "probe:1", "random:7", "place:0")
PLAIN = ("plain", "plain", "plain", "plain", "one-core")


def subject_of(uncontrolled: str = "") -> Subject:
    """A program that can be started in any way."""
    toolchain = Toolchain(side=Side.PYTHON, label="3.11", version="3.11.7", program=Path("/python"))
    return Subject(
        claims=claims_of(SPEC, Side.PYTHON),
        toolchain=toolchain,
        plain=BUILT,
        steered=BUILT,
        yielding=BUILT,
        uncontrolled=uncontrolled,
    )


def names_of(budget: Budget, subject: Subject) -> tuple[str, ...]:
    """The schedules of a budget."""
    return tuple(str(schedule) for schedule in budget.schedules_for(subject))


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        (Mix.PLAIN_FIRST, (*PLAIN, *MIXED)),
        (Mix.SURE_FIRST, (*PLAIN[:3], *MIXED, *PLAIN[3:])),
        (Mix.IN_TURN, ("plain", MIXED[0], "plain", MIXED[1], "plain", MIXED[2], "plain", MIXED[3],
                       "one-core")),
        (Mix.DRAWN_IN_TURN, ("plain", DRAWN[0], "plain", DRAWN[1], "plain", DRAWN[2], "plain",
                             DRAWN[3], "plain")),
        (Mix.DRAWN, DRAWN),
    ],
)  # fmt: skip
def test_each_mix_has_its_order(mix: Mix, expected: tuple[str, ...]) -> None:
    """Which runs are made, and which of them first."""
    assert expected == names_of(replace(BUDGET, mix=mix), subject_of())


@pytest.mark.parametrize("mix", [mix for mix in Mix if mix is not Mix.DRAWN])
def test_what_cannot_be_controlled_is_run_plainly(mix: Mix) -> None:
    """With random yields in a verification."""
    names = names_of(replace(BUDGET, mix=mix), subject_of(uncontrolled="this is PyPy"))
    yields = ("yield:7", "yield:8", "yield:9", "yield:10")
    rest = yields if mix is Mix.PLAIN_FIRST else ()
    assert 5 == sum(not name.startswith("yield") for name in names)
    assert rest == names[5:]


def test_what_is_named_takes_the_place_of_all() -> None:
    """Whatever the mix."""
    only = (parse_schedule("random:3"),)
    for mix in Mix:
        assert ("random:3",) == names_of(replace(BUDGET, mix=mix, only=only), subject_of())


def test_what_lies_beyond_is_new() -> None:
    """Seeds go on where they ended; what was not asked for is not made beyond either."""
    beyond = replace(BUDGET, mix=Mix.DRAWN).beyond(3, 2)
    assert ("random:11", "pct2:12/early") == names_of(beyond, subject_of())
    assert () == names_of(
        replace(BUDGET, only=(parse_schedule("plain"),)).beyond(3, 2), subject_of()
    )
    assert ("plain",) * 3 == names_of(replace(BUDGET, schedules=0).beyond(3, 2), subject_of())


def test_an_exploration_plans_no_more_than_it_comes_to() -> None:
    """A million schedules are not made up before the first is run."""
    endless = Budget(runs=0, schedules=10**9, mix=Mix.DRAWN, strategies=(Strategy.RANDOM,))
    some = islice(endless.schedules_for(subject_of()), 3)
    assert ["random:0", "random:1", "random:2"] == [str(each).partition("/")[0] for each in some]
