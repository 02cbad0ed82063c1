"""Which statements of Python may change places without any run telling, and which near misses."""

from __future__ import annotations

import pytest

from harness.proof.mutants import make_mutants
from harness.proof.mutants.equivalence import why_equivalent
from harness.values.program import Program, Side

PYTHON = Program(name="main", side=Side.PYTHON, path="main.py")
STARTED = """\
def main():
    one = Thread(target=f)
    made()
    two = Thread(target=g)
    made()
    one.start()
    two.start()
    print("started")
    one.join()
    two.join()
"""
POOL = """\
with ThreadPoolExecutor(max_workers=2) as pool:
    pool.submit(f, 1)
    two = pool.submit(g)
"""
PAUSE = """\
def f(n):
    print(n)
    sleep(1)
"""
MADE = """\
def main():
    n = [0]
    lock = threading.Lock()
    use(n, lock)
"""
OWN = """\
class Counter:
    def __init__(self, start):
        self.count = start
        self.lock = Lock()
"""


def _shown(source: str) -> list[int]:
    """The lines of the swaps that no run can tell, as far as a rule shows it."""
    mutants = make_mutants("topic/name", PYTHON, source)
    return [m.line for m in mutants if m.operator == "swap-statements" and why_equivalent(m)]


def _changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [6, 9]),
        ("one.start()", "one.start(1)", [9]),
        ("two = Thread(target=g)", "two = Other(target=g)", []),
        ("one.start()", "print(current_thread())\n    one.start()", [10]),
        ("two.join()", "two.join(1)", [6]),
    ],
)
def test_threads_that_are_started_or_waited_for(old: str, new: str, lines: list[int]) -> None:
    """Both are started before, and waited for after, whatever else is done."""
    assert lines == _shown(_changed(STARTED, old, new))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [2]),
        ("max_workers=2", "max_workers=1", []),
        ("max_workers=2", "", [2]),
        ("ThreadPool", "ProcessPool", []),
        ("pool.submit(f, 1)", "pool.submit(f, g())", []),
        ("pool.submit(g)", "pool.submit(g)\n    pool.submit(h)", []),
        ("max_workers=2", "max_workers=2, initializer=f", []),
    ],
)
def test_jobs_that_each_find_a_thread(old: str, new: str, lines: list[int]) -> None:
    """Which is begun first is open; where they queue for one thread, it is not."""
    assert lines == _shown(_changed(POOL, old, new))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [2]),
        ("print(n)", "print(perf_counter())", []),
        ("print(n)", "print(time.time())", []),
        ("print(n)", "n.wait(1)", []),
        ("print(n)", "n.wait(timeout=1)", []),
        ("sleep(1)", "rest(1)", []),
    ],
)
def test_a_pause_before_or_after(old: str, new: str, lines: list[int]) -> None:
    """A pause may be of any length, where nothing measures it."""
    assert lines == _shown(_changed(PAUSE, old, new))


def test_where_pauses_are_the_point_they_count() -> None:
    """A spec that takes sleeping at its word is not told that it does not matter."""
    (mutant,) = (m for m in make_mutants("a/b", PYTHON, PAUSE) if m.operator == "swap-statements")
    assert why_equivalent(mutant, "free")
    assert not why_equivalent(mutant, "strict")


@pytest.mark.parametrize(
    ("source", "old", "new", "lines"),
    [
        (MADE, "", "", [2]),
        (MADE, "n = [0]\n    lock = threading.Lock()", "n = f()\n    lock = [g(), Lock()]", []),
        (MADE, "n = [0]\n    lock = ", "global n, lock\n    n = [0]\n    lock = ", []),
        (MADE, "n = [0]\n    lock = threading.Lock()", "n = f()\n    lock = Lock(f())", []),
        (OWN, "", "", [3]),
        (OWN, "__init__", "reset", []),
        (OWN, "class Counter:", "class Counter:\n    __setattr__ = f\n", []),
    ],
)
def test_what_is_made_and_not_used_yet(source: str, old: str, new: str, lines: list[int]) -> None:
    """A lock or a queue has no effect before it is used, if nobody else has its name yet."""
    assert lines == _shown(_changed(source, old, new))
