"""How long it takes to verify the corpora, and how busy the cores are meanwhile.

Once from nothing but the registry's cache, once with all that was built. The share of the cores is
what is left to win by a better order: what is idle waits for something.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from harness.machine.cores import allowed_cores
from tests.bench.timing import time_once

CORPORA = {"examples": ("examples",), "examples and packages": ()}


def report() -> None:
    """Print wall seconds and the share of the cores, and how loaded the machine was."""
    for name, words in CORPORA.items():
        state = Path(tempfile.mkdtemp(prefix="wall-"))
        try:
            for built in ("from nothing", "built"):
                load = os.getloadavg()[0]
                command = (sys.executable, "-m", "harness", "verify", *words, "--quiet")
                took = time_once((*command, "--state-dir", str(state)))
                share = took.cpu / (took.wall * allowed_cores())
                print(f"wall: {name}, {built}: {took.wall:.0f} s on {allowed_cores()} cores, "
                      f"{share:.0%} of them busy with it; load before {load:.1f}",
                      flush=True)  # fmt: skip
        finally:
            shutil.rmtree(state, ignore_errors=True)
