"""One policy for both runtimes: runs of it that are written down, for both to make again.

``policy.txt`` has a block for each run: the schedule, the decisions to be expected and what each
thread is said to do; then what happens to it, in order, with what it answers behind `` > ``::

    run weighted:3/early 40 5,2
    thread                      one more thread is made; main is the first
    at 7 1y 0,1,3 > 3           decision 7: thread 1 gives way (``-``: could go on; ``b``: blocks)
    line 3                      a thread has written a line
    early > no                  whether a timeout comes early at this step
    wake 0,2 > -                who of these is woken for nothing (``-``: nobody)

``python -m tests.schedules.policy > tests/schedules/policy.txt`` writes it anew, where the policy
is meant to be another: every seeded name then means another run.
"""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from harness.schedules.controlled import PYTHON_RUNTIME
from harness.schedules.instrument import CFLAGS, RUNTIME

VECTORS = Path(__file__).with_name("policy.txt")
_DRIVER = Path(__file__).with_name("policy.c")
_SCHEDULES = ("random", "sticky", "pct1", "pct2", "pct3", "pct9", "weighted")
_SUFFIXES = ("", "/early", "/spurious", "/early/spurious")
_MOST_THREADS = 5
_STEPS = 24
_FAVOURED = ("thread", "thread", *("wake 1",) * 9, *(f"at {n} 1- 0,1" for n in range(36)))
"""Somebody is woken for nothing, and can go on for long."""


class PythonPolicy:
    """The policy of Python programs, asked as their scheduler asks it."""

    def __init__(self, schedule: str, length: int, counts: list[int]) -> None:
        sys.path.insert(0, str(PYTHON_RUNTIME))
        try:
            strategies = importlib.import_module("controlled_threads.strategies")
        finally:
            sys.path.remove(str(PYTHON_RUNTIME))
        choices = strategies.parse(schedule, length=length, counts=counts)
        self._strategy, self._early, self._spurious = choices
        self.threads: list[Any] = []

    def answer(self, line: str) -> str:
        """What it says to a line of a block; empty where there is nothing to say."""
        match line.split():
            case ["thread"]:
                number = len(self.threads)
                self.threads.append(SimpleNamespace(number=number, events=0, wrote=False))
                self._strategy.joins(number)
            case ["line", number]:
                self.threads[int(number)].events += 1
                self.threads[int(number)].wrote = True
            case ["early"]:
                return "yes" if self._early.fires(0) else "no"
            case ["wake", waiting]:
                woken = self._spurious.chosen(0, self._listed(waiting))
                return "-" if woken is None else str(woken)
            case ["at", decision, here, runnable]:
                return str(self._choose(int(decision), here, self._listed(runnable)).number)
        return ""

    def _choose(self, decision: int, here: str, runnable: list[Any]) -> Any:
        favoured = self._spurious.favoured(runnable) if self._spurious else None
        current, mark = self.threads[int(here[:-1])], here[-1]
        return favoured or self._strategy.choose(decision, current, runnable, mark)

    def _listed(self, numbers: str) -> list[Any]:
        return [self.threads[int(number)] for number in numbers.split(",")]


def answered_by_python(text: str) -> str:
    """The file, with the answers of the Python side."""
    return "".join(f"{line}\n" for line in _answered(text.splitlines()))


def _answered(lines: Iterable[str]) -> Iterator[str]:
    policy = None
    for line in lines:
        asked = line.partition(" > ")[0]
        match asked.split():
            case ["run", schedule, length, counts]:
                policy = PythonPolicy(schedule, int(length), _counts(counts))
        assert policy is not None
        answer = policy.answer(asked)
        yield f"{asked} > {answer}" if answer else asked


def _counts(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number != "-"]


def compile_driver(cc: str, out_dir: Path) -> Path:
    """The policy of Rust programs as a program, which answers what it reads."""
    driver = out_dir / "policy"
    sources = (_DRIVER, RUNTIME / "strategies.c", RUNTIME / "settings.c")
    command = [cc, *CFLAGS, f"-I{RUNTIME}", "-o", str(driver), *map(str, sources)]
    subprocess.run(command, check=True)
    return driver


def answered_by_c(driver: Path, text: str) -> str:
    """The file, with the answers of the Rust side."""
    done = subprocess.run([str(driver)], input=text, text=True, capture_output=True, check=True)
    return done.stdout


def written_anew() -> Iterator[str]:
    """The lines of the file, by the policy of the Python side."""
    for number, name in enumerate(_SCHEDULES):
        for turn, suffix in enumerate(_SUFFIXES):
            yield from _block(
                f"{name}:{10 * number + turn}{suffix}", random.Random(f"{name}{turn}")
            )
    for seed in range(4):
        yield from _written(f"random:{seed}/spurious 1 -", _FAVOURED)


def _written(run: str, happens: Iterable[str]) -> Iterator[str]:
    """A block in which this happens, whatever is answered."""
    return _answered([f"run {run}", *happens])


def _block(schedule: str, chance: random.Random) -> Iterator[str]:
    counts = [chance.randrange(6) for _ in range(chance.randrange(_MOST_THREADS))]
    length = chance.randrange(1, _STEPS)
    yield f"run {schedule} {length} {','.join(map(str, counts)) or '-'}"
    policy = PythonPolicy(schedule, length, counts)
    current = 0
    for decision in range(_STEPS):
        for asked in _asked(schedule, chance, policy, current, decision):
            answer = policy.answer(asked)
            current = int(answer) if asked.startswith("at") else current
            yield f"{asked} > {answer}" if answer else asked


def _asked(
    schedule: str, chance: random.Random, policy: PythonPolicy, current: int, decision: int
) -> Iterator[str]:
    """What happens between one decision and the next, and that one."""
    known = len(policy.threads)
    if known < 2 or (known < _MOST_THREADS and chance.random() < 0.2):
        yield "thread"
        if known == 0:
            yield "thread"
    if chance.random() < 0.3:
        yield f"line {current}"
    numbers = range(len(policy.threads))
    if "early" in schedule:
        yield "early"
    if "spurious" in schedule:
        yield f"wake {_some(numbers, chance, 1)}"
    mark = chance.choice("----yb")
    others = [number for number in numbers if number != current]
    able = _some(others, chance, 2 if mark == "b" else 1) if len(others) > 1 else str(others[0])
    if mark == "b" and len(others) < 2:
        mark = "-"
    every = {int(number) for number in able.split(",")} | ({current} if mark != "b" else set())
    yield f"at {decision} {current}{mark} {','.join(map(str, sorted(every)))}"


def _some(numbers: range | list[int], chance: random.Random, least: int) -> str:
    chosen = chance.sample(list(numbers), chance.randint(least, len(numbers)))
    return ",".join(map(str, sorted(chosen)))


if __name__ == "__main__":
    for line in written_anew():
        print(line)
