"""Several things at once, in threads; an interruption of the main thread always reaches them.

CPython looks for signals before it waits for a lock, not while it does: one that
comes between the two is heard only once the lock is free. Who waits for work
without an end in sight therefore wakes up now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from harness.machine.process import end_all_processes

LOOK_SECONDS = 0.1
"""How long an interruption may go unheard."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Other = TypeVar("_Other")


def in_parallel(
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    jobs: int,
    name: str,
    stop: threading.Event | None = None,
) -> list[_Result]:
    """Call ``work`` for each item, in ``jobs`` threads of that name; the results in order.

    The first exception, an interruption included, is raised once every thread
    has come to its end; what has not begun by then never does. ``stop`` is set
    and every process that runs is ended before, so that this is soon.
    """
    pool = ThreadPoolExecutor(jobs, thread_name_prefix=name)
    futures: list[Future[_Result]] = []
    is_known, is_over = threading.Event(), threading.Event()

    def begin(item: _Item) -> _Result:
        # Not before all are known: the pool forgets a thread in whose start it is interrupted.
        is_known.wait()
        if is_over.is_set():
            raise KeyboardInterrupt
        return work(item)

    try:
        futures.extend(pool.submit(begin, item) for item in items)
        is_known.set()
        _wait_for(futures)
        return [future.result() for future in futures]
    except BaseException:
        # First of all: whoever is told to stop has time for the next.
        for future in futures:
            future.cancel()
        is_over.set()
        is_known.set()
        if stop is not None:
            stop.set()
        end_all_processes()
        while wait(futures, LOOK_SECONDS).not_done:
            end_all_processes()  # what a thread has begun meanwhile that nobody told to stop
        raise
    finally:
        pool.shutdown()


def both(
    one: Callable[[], _Result], other: Callable[[], _Other], *, name: str
) -> tuple[_Result, _Other]:
    """Call both at once, in threads of that name; raises what the first of them does that fails."""
    results: list[_Result] = []
    others: list[_Other] = []

    def make(is_first: bool) -> None:
        results.append(one()) if is_first else others.append(other())

    in_parallel(make, (True, False), jobs=2, name=name)
    return results[0], others[0]


def _wait_for(futures: list[Future[_Result]]) -> None:
    """Wait for all of them, or for the first that fails."""
    running = set(futures)
    while running:
        done, running = wait(running, LOOK_SECONDS, FIRST_EXCEPTION)
        if any(future.exception() is not None for future in done):
            return
