"""Do searches of traces miss what other schedules of random small Python programs show?"""

from __future__ import annotations

import os
from collections import Counter

from harness.schedules.serving import serving
from tests.schedules.python_traced import IS_COVERED, small_program, starter
from tests.schedules.traced import differences

PROGRAMS = int(os.environ.get("BENCH_PROGRAMS", "500"))
FIRST = int(os.environ.get("BENCH_FIRST", "0"))
DRAWN = int(os.environ.get("BENCH_DRAWN", "10"))
MOST = int(os.environ.get("BENCH_SCHEDULES", "40"))
LIMIT = int(os.environ.get("BENCH_TRACES", "150"))


def report() -> None:
    """Each difference, then how many searches of each kind came to their end."""
    if not IS_COVERED:
        print("python-reduction: no instructions are followed by this interpreter")
        return
    start, ends, differ = starter(), Counter[str](), 0
    with serving(1):
        for seed in range(FIRST, FIRST + PROGRAMS):
            what = small_program(seed)
            end, told = differences(start, what, DRAWN, MOST, limit=LIMIT, is_native=False)
            ends[end] += 1
            differ += bool(told)
            for each in told:
                print(f"python-reduction: {what} ({seed}): {each}", flush=True)
    counts = ", ".join(f"{number} {end}" for end, number in ends.most_common())
    kinds = "each order of lines, one order, all schedules"
    print(f"python-reduction: {PROGRAMS} programs, {differ} differ; complete ({kinds}): {counts}")
