"""``searched.py PEER PROGRAM``: how many executions a search takes, where the peer is installed.

It prints the number, and ``complete``, ``deadlock``, or nothing if the search met a bound.
"""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any

LONGEST = 120.0
MOST = 2_000


class Shared:
    """What the workers of a program share."""

    def __init__(self, locks: int = 0) -> None:
        self.number = 0
        self.locks = [threading.Lock() for _ in range(locks)]


def lost_update(times: int) -> list[Any]:
    """Two workers read and write a number."""

    def work(shared: Shared) -> None:
        for _ in range(times):
            value = shared.number
            shared.number = value + 1

    return [work, work]


def lock_order(count: int) -> list[Any]:
    """As many workers as locks, each of which takes two."""

    def worker(first: int) -> Any:
        def work(shared: Shared) -> None:
            with shared.locks[first], shared.locks[(first + 1) % count]:
                pass

        return work

    return [worker(first) for first in range(count)]


PROGRAMS: dict[str, tuple[int, list[Any]]] = {
    "lost-update-1": (0, lost_update(1)),
    "lost-update-2": (0, lost_update(2)),
    "lost-update-3": (0, lost_update(3)),
    "locks-2": (2, lock_order(2)),
    "locks-3": (3, lock_order(3)),
}


def with_frontrun(locks: int, workers: list[Any]) -> str:
    """Its DPOR, without a bound on preemptions."""
    found = importlib.import_module("frontrun").explore(
        lambda: Shared(locks),
        workers,
        lambda _: True,
        preemption_bound=None,
        stop_on_first=bool(locks),
        reproduce_on_failure=0,
        deadlock_timeout=0.5,
        total_timeout=LONGEST,
        max_executions=MOST,
    )
    end = {True: " complete", False: " deadlock"}.get(found.property_holds, "")
    return f"{found.num_explored}{end}"


def with_interleave(locks: int, workers: list[Any]) -> str:
    """Its depth-first search, with more preemptions than there are steps."""
    peer = importlib.import_module("interleave_test")

    def model() -> None:
        shared = Shared()
        shared.locks = [threading.Lock() for _ in range(locks)]
        threads = [threading.Thread(target=work, args=(shared,)) for work in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    found = peer.explore(
        model, strategy="dfs", iterations=MOST, max_preemptions=1000, raise_on_failure=False
    )
    end = " deadlock" if found.failure else " complete" if found.exhausted else ""
    return f"{found.schedules_run}{end}"


if __name__ == "__main__":
    locks, workers = PROGRAMS[sys.argv[2]]
    peer = with_frontrun if sys.argv[1] == "frontrun" else with_interleave
    print(peer(locks, workers))
