"""How much longer than starting the interpreter it takes to load and list the corpus."""

from __future__ import annotations

import sys

from tests.bench.timing import in_turn, median_wall

ROUNDS = 9


def report() -> None:
    """Print the difference."""
    results = in_turn(
        {
            "interpreter": (sys.executable, "-c", "pass"),
            "list": (sys.executable, "-m", "harness", "list"),
        },
        ROUNDS,
    )
    interpreter, listing = (median_wall(results[name]) for name in ("interpreter", "list"))
    print(f"start-up: interpreter {1000 * interpreter:.0f} ms, list {1000 * listing:.0f} ms, "
          f"difference {1000 * (listing - interpreter):.0f} ms (medians of {ROUNDS})")  # fmt: skip
