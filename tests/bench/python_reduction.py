"""Do searches of traces miss what other schedules of random small Python programs show?"""

from __future__ import annotations

import os
from functools import partial

from harness.schedules.serving import serving
from tests.bench.reduction import tell_differences
from tests.schedules.python_traced import FOLLOWED, small_program, starter
from tests.schedules.traced import differences

PROGRAMS = int(os.environ.get("BENCH_PROGRAMS", "500"))
FIRST = int(os.environ.get("BENCH_FIRST", "0"))
DRAWN = int(os.environ.get("BENCH_DRAWN", "10"))
MOST = int(os.environ.get("BENCH_SCHEDULES", "40"))
LIMIT = int(os.environ.get("BENCH_TRACES", "150"))


PYTHONS = os.environ.get("BENCH_PYTHONS", " ".join(FOLLOWED)).split()


def report() -> None:
    """Each difference, then how many searches of each kind came to their end, by interpreter."""
    if not FOLLOWED:
        print("python-reduction: no instructions are followed by an interpreter that is here")
    for label in PYTHONS:
        start = starter(python=FOLLOWED[label])
        compare = partial(differences, start, drawn=DRAWN, most=MOST, limit=LIMIT, is_native=False)
        with serving(1):
            programs = map(small_program, range(FIRST, FIRST + PROGRAMS))
            tell_differences(f"python-reduction {label}", programs, compare)
