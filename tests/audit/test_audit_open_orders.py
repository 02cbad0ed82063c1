"""What came before what in all runs, and what in some."""

from __future__ import annotations

from harness.proof.audit.open_orders import MIN_RUNS, Orders
from harness.values.finding import Line


def lines(*events: str) -> list[Line]:
    """A line of each of these events."""
    return [Line(number, event, event, ()) for number, event in enumerate(events, 1)]


def test_an_order_is_constant_if_it_holds_of_all_lines_in_all_runs() -> None:
    """A run without one of the two says nothing; one that has them the other way says all."""
    orders = Orders()
    for _ in range(MIN_RUNS):
        orders.add(lines("a", "a", "b", "c", "b"))
    orders.add(lines("a"))
    assert {("a", "b"): MIN_RUNS, ("a", "c"): MIN_RUNS} == dict(orders.constant())
    orders.add(lines("a", "b", "a", "c"))
    assert {("a", "c"): MIN_RUNS + 1} == dict(orders.constant())


def test_few_runs_make_no_order() -> None:
    """What was seen in a run or two may be luck."""
    orders = Orders()
    for _ in range(MIN_RUNS - 1):
        orders.add(lines("a", "b"))
    assert {} == dict(orders.constant())
