"""Hand-overs between two accesses of one thread, off runs that tell what their steps touch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.schedules.dependence import read_touch
from harness.schedules.record import Decision, Record, Step
from harness.schedules.torn import torn


def record(*steps: str, forced: int = -1) -> Record:
    """A run of main, who has started two threads: thread and touches of each step, ``1 r:a``.

    Each but the last thread's is done out of a choice of both.
    """
    decisions, told = [], []
    for number, (thread, *touches) in enumerate(map(str.split, steps)):
        mine = int(thread)
        is_choice = mine == 1
        decisions.append(
            Decision(number, mine, mine, (1, 2), forced=number == forced) if is_choice else None
        )
        told.append(
            Step(mine, number if is_choice else None, (1, 2), tuple(map(read_touch, touches)))
        )
    chosen = tuple(decision for decision in decisions if decision is not None)
    return Record(end="exit", decisions=chosen, told=tuple(told))


@pytest.mark.parametrize(
    ("own", "theirs", "is_torn"),
    [
        (("r", "r"), "w", True),
        (("w", "r"), "w", True),
        (("r", "t"), "u", True),
        (("w", "u"), "r", True),
        (("r", "r"), "r", False),
        (("w", "w"), "w", False),
        (("a", "u"), "a", False),
        (("n", "n"), "w", False),
    ],
)
def test_what_no_order_of_the_two_would_give(
    own: tuple[str, str], theirs: str, *, is_torn: bool
) -> None:
    """Counts of references are no accesses, and a lock is always written."""
    run = record(f"1 {own[0]}:a", "1 r:b", f"1 {own[1]}:a", f"2 {theirs}:a")
    assert ["2>2"] * is_torn == [f"{each.at}>{each.thread}" for each in torn(run)]


def test_nobody_comes_between_where_nobody_else_accesses_the_word() -> None:
    """Nor where the thread could not have gone on anyway."""
    assert [] == list(torn(record("1 r:a", "1 w:a", "2 w:b")))
    assert [] == list(torn(record("1 r:a", "1 w:a", "2 w:a", forced=1)))


def test_a_hand_over_has_the_number_that_it_has_in_a_run_that_tells_nothing() -> None:
    """A thread that is chosen in vain is chosen there, too; a choice of one is none there."""
    run = record("1 r:a r:b", "1 r:c", "1 w:a w:b", "2 w:a w:b")
    assert ["2>2"] == [f"{each.at}>{each.thread}" for each in torn(run)]
    in_vain = replace(run, told=(run.told[0], *run.told[2:]))
    assert ["2>2"] == [f"{each.at}>{each.thread}" for each in torn(in_vain)]
    alone = run.told[1]._replace(candidates=(1,))
    without = replace(run, told=(run.told[0], alone, *run.told[2:]))
    assert ["1>2"] == [f"{each.at}>{each.thread}" for each in torn(without)]


@pytest.mark.parametrize("waits", ["a:l", "j:1"])
def test_nobody_comes_who_would_wait_for_the_stopped_thread(waits: str) -> None:
    """For a lock that it holds, or for its end; what comes before that, is come to."""
    run = record("1 a:l r:a r:b", "1 w:a w:b", "1 u:l", "2 w:b", f"2 {waits}", "2 w:a")
    assert ["1>2"] == [f"{each.at}>{each.thread}" for each in torn(run)]
    assert not list(torn(record("1 a:l r:a", "1 w:a", "1 u:l", f"2 {waits}", "2 w:a")))
    assert list(torn(record("1 a:m r:a", "1 w:a", "1 u:m", "2 a:l", "2 w:a")))


def test_those_that_are_alike_come_after_the_others() -> None:
    """A loop has many between which somebody may come, and the one after it is another."""
    run = record("1 w:a", "1 w:a", "1 w:a", "1 r:a", "1 w:a", "2 r:a w:a")
    assert ["1>2", "3>2", "4>2", "2>2"] == [f"{each.at}>{each.thread}" for each in torn(run)]
