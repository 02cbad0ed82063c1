"""How much longer than to start the interpreter it takes to list the corpus, or check a text."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.timing import in_turn, median_cpu, median_wall

ROUNDS = 9
EXAMPLE = "shared-state/atomics"
LINES = 10


def report() -> None:
    """Print the differences."""
    with tempfile.TemporaryDirectory() as scratch:
        text = Path(scratch, "output.txt")
        text.write_text("ann draws 1\n" * LINES, encoding="utf-8")
        command = (sys.executable, "-m", "harness")
        results = in_turn(
            {
                "interpreter": (sys.executable, "-c", "pass"),
                "list": (*command, "list"),
                "list one": (*command, "list", EXAMPLE),
                "check": (*command, "check", EXAMPLE, "--side", "python", str(text)),
            },
            ROUNDS,
        )
    bare = results.pop("interpreter")
    for name, result in results.items():
        print(f"start-up: {name}: {1000 * (median_wall(result) - median_wall(bare)):.0f} ms more "
              f"than the interpreter's {1000 * median_wall(bare):.0f}, of the processor "
              f"{1000 * (median_cpu(result) - median_cpu(bare)):.0f} "
              f"(medians of {ROUNDS})")  # fmt: skip
