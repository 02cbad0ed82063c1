"""No program of the zoo is condemned under control: in parts, with a few schedules of each.

``python -m tests.zoo`` runs the whole.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.model import Side
from harness.toolchains import default_python, default_rust
from tests.zoo.running import ZOO, Effort, choose, run_zoo

SAMPLE = Effort(schedules=12, plain=1, again_every=6)
"""Twelve schedules are one round of all strategies, and three with early timeouts."""

TOPICS = sorted(path.name for path in (ZOO / "python").iterdir() if path.is_dir())


@pytest.mark.parametrize("topic", TOPICS)
def test_no_python_program_is_condemned(topic: str, tmp_path: Path) -> None:
    """None fails or hangs, and none is said to be replayed when it is not."""
    specs = choose([f"{topic}/"], [ZOO / "python"])
    all_found = list(run_zoo(specs, [default_python()], SAMPLE, tmp_path))
    faults = {found.name: found.faults for found in all_found if found.faults}
    assert {} == faults
