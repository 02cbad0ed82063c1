"""In how many runs a search for one run of each trace comes to its end.

Beside it what loom takes for the same programs, written for its types (0.7, measured once).
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from pathlib import Path

from harness.schedules.instrument import Instrumentation, probe
from tests.schedules.controlled_rust import PROGRAMS, RUSTUP
from tests.schedules.traced import explore, starter

LOOM = {
    "lost-update-1": 90,
    "lost-update-2": 1_080,
    "lost-update-3": 19_134,
    "lines": 77,
    "more-lines": 294,
}
EXPECTED = {"lost-update-1": "2\n", "lost-update-2": "4\n", "lost-update-3": "6\n"}
NAMES = (*LOOM, "locks-2", "locks-3", "barrier", "scoped")


def report() -> None:
    """A row a program: runs, the first that fails, loom's runs, seconds of processor."""
    print(f"{'traces, Rust':<16} {'runs':>6} {'first failure':>14} {'loom':>7} {'s':>6}")
    with tempfile.TemporaryDirectory() as scratch:
        found = probe("rustc", "cc", Path(scratch), RUSTUP)
        if isinstance(found, str):
            print(found)
            return
        build(found, Path(scratch), "traces")
        start = starter(Path(scratch), Path(scratch))
        for name in NAMES:
            before = _processor_time()
            seen = explore(start, name, EXPECTED.get(name, ""))
            failure = seen.first_failure if name in EXPECTED or "locks" in name else "-"
            runs = f"{'' if seen.search.is_complete else '>'}{seen.search.tried}"
            loom, spent = LOOM.get(name, "-"), _processor_time() - before
            print(f"{name:<16} {runs:>6} {failure:>14} {loom:>7} {spent:>6.2f}")


def build(instrumentation: Instrumentation, directory: Path, program: str) -> None:
    """Compile one of the programs into a directory."""
    environment = {"PATH": os.environ["PATH"], **RUSTUP, **dict(instrumentation.environment)}
    command = ["rustc", "--edition=2021", "--out-dir", str(directory)]
    command += ["--target", instrumentation.host, *instrumentation.rustflags]
    subprocess.run([*command, str(PROGRAMS / f"{program}.rs")], env=environment, check=True)


def _processor_time() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
