"""Nobody starves: threads that poll for ever leave those who have something to say their turns."""

from __future__ import annotations

import pytest

from tests.schedules.test_python_runtime import run

POLLERS = ("sleep", "event", "queue", "clock", "yield", "no_sleep", "spinning", "lock")
STRATEGIES = ("random", "sticky", "pct1", "pct3", "weighted")
COUNTS = {"told": "2,0,0,5,5", "untold": "", "wrong": "1,99,99,1,1"}
"""Of the lines that each thread writes: what `weighted` is told."""

STEPS = "20000"
"""A tenth of what a run may have."""

GOOD = "said\n" * 10 + "good\n"


@pytest.mark.parametrize("poller", POLLERS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_poller_lets_the_others_go_on(strategy: str, poller: str) -> None:
    """Early timeouts or not, whatever was told of the program."""
    for schedule in (f"{strategy}:1", f"{strategy}:1/early", f"{strategy}:6/early"):
        made = run(schedule, "pollers", poller, counts=COUNTS["told"], steps=STEPS)
        assert ("exit", GOOD) == (made.end, made.out), schedule


@pytest.mark.parametrize("poller", POLLERS)
def test_the_plainest_schedule_ends_as_well(poller: str) -> None:
    """It stays with a thread that spins, but not for ever."""
    made = run("switch:", "pollers", poller, steps=STEPS)
    assert ("exit", GOOD) == (made.end, made.out)


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_weighted_waits_for_nobody_in_vain(counts: str) -> None:
    """Neither for a thread that has no lines left, nor for one that was said to write and does not.

    Of two pollers that never wait, one can always run: nobody else was ever let write.
    """
    for seed in range(5):
        made = run(f"weighted:{seed}", "pollers", "spinning", counts=counts, steps=STEPS)
        assert ("exit", GOOD) == (made.end, made.out), seed


def test_a_spinner_lets_time_pass_for_a_hundred_sleeps() -> None:
    """The clock moves sooner each time: a run's steps suffice."""
    for schedule in ("random:1", "pct2:1", "switch:"):
        made = run(schedule, "sleeper")
        assert ("exit", "woken\n") == (made.end, made.out), schedule
