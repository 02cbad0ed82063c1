"""Do searches of traces miss what other schedules of random small Rust programs show?"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from harness.schedules.instrument import probe
from tests.bench.traces import build
from tests.schedules.controlled_rust import RUSTUP
from tests.schedules.traced import differences, small_program, starter, waiting_program

PROGRAMS = int(os.environ.get("BENCH_PROGRAMS", "200"))
FIRST = int(os.environ.get("BENCH_FIRST", "0"))
DRAWN = int(os.environ.get("BENCH_DRAWN", "60"))
MOST = int(os.environ.get("BENCH_SCHEDULES", "400"))


def report() -> None:
    """Each difference, then how many searches of each kind came to their end."""
    with tempfile.TemporaryDirectory() as scratch:
        found = probe("rustc", "cc", Path(scratch), RUSTUP)
        if isinstance(found, str):
            print(f"reduction: {found}")
            return
        build(found, Path(scratch), "still")
        start = starter(Path(scratch), Path(scratch))
        programs = (
            (small_program, waiting_program)[seed % 2](seed)
            for seed in range(FIRST, FIRST + PROGRAMS)
        )
        tell_differences("reduction", programs, lambda what: differences(start, what, DRAWN, MOST))


def tell_differences(
    name: str, programs: Iterable[str], compare: Callable[[str], tuple[str, list[str]]]
) -> None:
    """Print what is missed of each program, and how the searches ended."""
    ends: Counter[str] = Counter()
    differ = 0
    for what in programs:
        end, told = compare(what)
        ends[end] += 1
        differ += bool(told)
        for each in told:
            print(f"{name}: {what}: {each}", flush=True)
    counts = ", ".join(f"{number} {end}" for end, number in ends.most_common())
    kinds = "each order of lines, one order, all schedules"
    print(f"{name}: {ends.total()} programs, {differ} differ; complete ({kinds}): {counts}")
