"""No program of the zoo is condemned under control: in parts, with a few schedules of each.

``python -m tests.zoo`` runs the whole.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.language.discovery import find_directories
from harness.machine.toolchains import default_python, default_rust
from tests.zoo.running import CORPORA, Effort, choose, run_zoo

SAMPLE = Effort(schedules=12, plain=1, again_every=6)
"""A round of all strategies without early timeouts, and the beginning of one with them."""

PARTS = sorted(
    {each.parent for corpus in CORPORA if corpus.is_dir() for each in find_directories(corpus)}
)


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what is built is kept, for all parts."""
    return tmp_path_factory.mktemp("zoo")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.parent.name}-{part.name}")
def test_no_program_is_condemned(part: Path, state: Path) -> None:
    """None fails, none hangs, and each controlled run comes again or is said not to."""
    specs = choose(corpora=[part])
    toolchain = default_python() if part.parent.name == "python" else default_rust()
    all_found = list(run_zoo(specs, [toolchain], SAMPLE, state))
    assert {} == {found.name: found.faults for found in all_found if found.faults}
