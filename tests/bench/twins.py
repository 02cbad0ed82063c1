"""Whether right programs of asyncio are ever blamed, on every interpreter here.

``python -m tests.bench twins`` makes a corpus of the twins of ``TASK_PROGRAMS``, each in both
orders of tasks, and has it verified: ``BENCH_TWIN_RUNS`` schedules of each, 10,010 on each by
default.  ``BENCH_PYTHON`` names other interpreters than all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

from harness.cli import run_command_line
from tests.bench.programs import PROGRAMS, TASK_PROGRAMS

STATE = Path(".harness/bench/twins")
RUNS = int(os.environ.get("BENCH_TWIN_RUNS", "385"))
EXAMPLES = 2 * len(TASK_PROGRAMS)
PYTHONS = os.environ.get("BENCH_PYTHON", "")

SPEC = """\
title      = "{name}"
summary    = "A twin that has not the bug."
task-order = "{order}"

[run]
args = ["ok"]

[always.it-ends]
why    = "each of its assertions holds"
ending = {{ code = 0 }}
"""


def write_corpus(place: Path) -> None:
    """Each twin as an example of its own, once for each order of tasks."""
    shutil.rmtree(place, ignore_errors=True)
    for order in ("fifo", "free"):
        for name in TASK_PROGRAMS:
            example = place / order / f"{name.replace('_', '-')}-{order}"
            example.mkdir(parents=True)
            shutil.copy(PROGRAMS / "tasks" / f"{name}.py", example / "main.py")
            (example / "example.toml").write_text(SPEC.format(name=name, order=order))


def report() -> None:
    """Print, for each interpreter, how many runs were made and how many sides did not pass."""
    write_corpus(STATE / "corpus")
    told = STATE / "report.json"
    pythons = ("--python", PYTHONS) if PYTHONS else ("--all-toolchains",)
    run_command_line(
        [
            "verify", "--corpus", str(STATE / "corpus"), "--side", "python", *pythons, "-q",
            "--state-dir", str(STATE / "state"), "--runs", "1", "--schedules", str(RUNS),
            "--report", f"json={told}",
        ]
    )  # fmt: skip
    steered: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    for line in map(json.loads, told.read_text().splitlines()):
        if line["kind"] == "verdict":
            steered[line["toolchain"]] += line["runs"] - line["plain_runs"]
            blamed[line["toolchain"]] += line["outcome"] != "PASSED"
    for label, count in sorted(steered.items()):
        print(f"twins: {label}: {count:,} steered runs; not passed: {blamed[label]} of {EXAMPLES}")
