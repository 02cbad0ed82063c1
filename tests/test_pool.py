"""Several things at once, and how they come to an end."""

from __future__ import annotations

import signal
import threading

import pytest

from harness.machine.pool import in_parallel


def test_the_results_come_in_order_whoever_is_first() -> None:
    """The first waits for the last."""
    last = threading.Event()

    def work(number: int) -> int:
        if number == 2:
            last.set()
        elif number == 0:
            last.wait()
        return number * number

    assert [0, 1, 4] == in_parallel(work, range(3), jobs=2, name="t")


def test_a_failure_stops_the_others_and_is_raised() -> None:
    """What runs is told to stop; what has not begun never does."""
    stop, begun = threading.Event(), []

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError
        stop.wait()

    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        in_parallel(work, range(9), jobs=2, name="t", stop=stop)
    assert stop.is_set()
    assert {0, 1, 2} >= set(begun)


def test_an_interruption_is_heard_though_it_wakes_nobody() -> None:
    """As one that comes just before the main thread goes to sleep: it is known, and no call ends.

    The handler is run by the main thread alone; that a signal is raised in another thread gives
    the main one no reason to wake up.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    stop = threading.Event()

    def work(_: int) -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        stop.wait()

    try:
        with pytest.raises(KeyboardInterrupt):
            in_parallel(work, [0], jobs=1, name="t", stop=stop)
    finally:
        signal.signal(signal.SIGINT, before)
    assert stop.is_set()
