"""Random yields, for runs that cannot be controlled: a small library loaded into the program.

It is compiled once from ``runtime/yields/yields.c``. What it does is noise: it varies how threads
interleave, and the same seed may give another run.
"""

from __future__ import annotations

from pathlib import Path

from harness.schedules.names import Schedule, Strategy
from harness.schedules.preloads import compile_preload

SOURCE = Path(__file__).parent / "runtime" / "yields" / "yields.c"


def compile_yields(out_dir: Path) -> Path | str:
    """The library in ``out_dir``, compiled if it is not there yet; or why it cannot be had."""
    return compile_preload("yields", "random yields", [SOURCE], out_dir)


def yield_variables(schedule: Schedule) -> dict[str, str]:
    """The environment variables that tell the library its seed; none for any other schedule."""
    if schedule.strategy is not Strategy.YIELD:
        return {}
    return {"HARNESS_YIELDS": str(schedule.seed)}
