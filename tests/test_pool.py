"""Several things at once, and how they come to an end."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from harness.machine.pool import both, in_parallel
from harness.machine.process import Command, run_process, tool_environment
from harness.values.run import Ending, Signalled


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
    """What runs is told to stop; what has not begun never does, however slow the telling is."""
    begun: list[int] = []

    class SlowEvent(threading.Event):
        def set(self) -> None:
            super().set()
            next_begins.wait(0.2)

    stop, next_begins = SlowEvent(), threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number > 2:
            next_begins.set()
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


def test_an_interruption_ends_what_a_thread_begins_after_it(tmp_path: Path) -> None:
    """One step after another, each of which waits for a process that would take long."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sleep = Command(argv=("sleep", "20"), cwd=tmp_path, environment=tool_environment())
    endings: list[Ending] = []

    def work(_: int) -> None:
        signal.raise_signal(signal.SIGINT)
        endings.extend(run_process(sleep).ending for _ in range(3))

    try:
        with pytest.raises(KeyboardInterrupt):
            in_parallel(work, [0], jobs=1, name="t")
    finally:
        signal.signal(signal.SIGINT, before)
    assert [Signalled("SIGKILL")] * 3 == endings


def test_both_are_called_at_once_and_give_what_they_give() -> None:
    """Each meets the other."""
    meeting = threading.Barrier(2)

    def one() -> str:
        meeting.wait(30)
        return "one"

    def other() -> int:
        meeting.wait(30)
        return 2

    assert ("one", 2) == both(one, other, name="t")
