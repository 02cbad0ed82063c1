"""Litmus tests by the thousand: how often what is weak comes; what is forbidden, never."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.schedules.instrument import probe
from tests.schedules.axioms import allowed
from tests.schedules.controlled_rust import PROGRAMS, RUSTUP
from tests.schedules.litmus import EXECUTIONS, TESTS, Litmus, outcomes

SHOWN = 2_000
"""Executions in which all that can be shown is to be seen."""


def report() -> None:
    """A line for each test; ``LITMUS`` in the environment says of how many executions."""
    count = int(os.environ.get("LITMUS", str(SHOWN)))
    with tempfile.TemporaryDirectory() as place:
        program = _built(Path(place))
        print(f"\nLitmus tests, {count:,} executions of each")
        wrong = [test for test in TESTS if not _try(program, test, count)]
    print(f"{len(TESTS)} tests, {len(wrong)} wrong")


def _built(place: Path) -> Path:
    found = probe("rustc", "cc", place, RUSTUP)
    if isinstance(found, str):
        sys.exit(found)
    command = ["rustc", "--edition=2021", "--out-dir", str(place), "--target", found.host]
    environment = {"PATH": os.environ["PATH"], **RUSTUP, **dict(found.environment)}
    source = PROGRAMS / "litmus.rs"
    subprocess.run([*command, *found.rustflags, str(source)], env=environment, check=True)
    return place / "litmus"


def _try(program: Path, test: Litmus, count: int) -> bool:
    """Whether nothing forbidden came, and all that can be shown."""
    model = allowed(test.text)
    seen = outcomes(program, test, range(count // EXECUTIONS))
    forbidden = set(seen) - set(model)
    unseen = {outcome for outcome, is_reachable in model.items() if is_reachable} - set(seen)
    told = f"; forbidden: {sorted(forbidden)}" * bool(forbidden)
    told += f"; not seen: {sorted(unseen)}" * bool(unseen)
    print(
        f"{test!s:<34} {test.status:<13} {seen[test.weak]:>7,} weak, "
        f"{len(seen):>3} of {len(model)} outcomes{told}",
        flush=True,
    )
    return not forbidden and not (unseen and count >= SHOWN)
