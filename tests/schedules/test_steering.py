"""How a run is changed until its lines come in another order."""

from __future__ import annotations

from itertools import islice

import pytest

from harness.schedules.names import parse_schedule
from harness.schedules.record import Decision, Record, Written
from harness.schedules.search import departing
from harness.schedules.steering import (
    MOST_LINES,
    first_difference,
    in_order,
    other_orders,
    steered,
    writers,
)


def record_of(*lines: tuple[int, int], decisions: int = 8) -> Record:
    """A run of two threads that could each go on at any decision; lines by thread and decision.

    Thread 1 goes first, up to the first line of thread 2.
    """
    turn = next((at for thread, at in lines if thread == 2), decisions)
    return Record(
        end="exit",
        decisions=tuple(
            Decision(at, 1 if at <= turn else 2, 1 if at < turn else 2, (1, 2), forced=False)
            for at in range(decisions)
        ),
        written=tuple(Written(thread, 2, "stdout", at) for thread, at in lines),
    )


def test_each_line_has_a_writer() -> None:
    """Only where all that was written is whole lines of known threads."""
    record = record_of((1, 0), (1, 2), (2, 5))
    assert writers(record, b"a\nb\nc\n") == (1, 1, 2)
    assert writers(record, b"a\nb\nc\nd\n") == ()
    assert writers(record, b"a\nb c\n") == ()


def test_a_thread_keeps_its_own_order() -> None:
    """An order says who writes next, and not which of its lines."""
    record = record_of((1, 0), (1, 2), (2, 5))
    assert in_order(record, b"a\nb\nc\n", (1, 2, 1)) == b"a\nc\nb\n"


def test_the_nearest_orders_come_first_and_the_given_one_never() -> None:
    """Neighbours change places, then threads go one after the other, then all else."""
    orders = list(other_orders((1, 2, 1), 0))
    assert set(orders[:2]) == {(2, 1, 1), (1, 1, 2)}
    assert len(orders) == len(set(orders)) == 2
    first = list(islice(other_orders((1, 1, 2, 2), 0), 3))
    assert first == [(1, 2, 1, 2), (2, 2, 1, 1), (2, 1, 1, 2)]


def test_orders_of_many_lines_are_not_looked_at() -> None:
    """They are too many, and each would take too many runs."""
    assert not list(other_orders((1, 2) * MOST_LINES, 0))


def test_the_first_line_out_of_place_is_found() -> None:
    """As far as both go."""
    assert first_difference((1, 1, 2), (1, 2, 1)) == 1
    assert first_difference((1, 1), (1, 1, 2)) is None


def test_a_hand_over_comes_right_before_the_line_that_is_to_wait_or_far_before() -> None:
    """All that comes before it stays as it was."""
    record = record_of((1, 0), (1, 3), (2, 5))
    names = [str(departing(departures)) for departures in steered(record, (1, 2, 1))]
    assert names == ["switch:3>2", "switch:1>2"]
    assert not list(steered(record, (1, 1, 2)))


def test_departures_before_it_are_kept_and_later_ones_are_not() -> None:
    """Whoever writes last in a run that was handed over already."""
    record = record_of((1, 0), (2, 3), (2, 5))
    schedules = list(map(departing, steered(record, (1, 2, 1))))
    assert schedules == [parse_schedule("switch:3>2,5>1"), parse_schedule("switch:3>2,4>1")]


@pytest.mark.parametrize("wish", [(3, 1), (1, 3)])
def test_nobody_is_handed_to_who_could_not_go_on(wish: tuple[int, ...]) -> None:
    """Then there is no such schedule."""
    assert not list(steered(record_of((1, 0), (2, 5)), wish))
