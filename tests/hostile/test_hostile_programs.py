"""A zoo of programs that do what no reader would expect: each is judged, and harms no other.

They are verified together, so each is also the neighbour that another one must not disturb.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.trials import SPEC, Told, verify
from tests.test_cli_processes import processes_in, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is Linux's")

PROGRAMS = tomllib.loads(Path(__file__).with_name("programs.toml").read_text(encoding="utf-8"))
HURRIED = SPEC.replace("timeout = 20", "timeout = 1")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them, each an example."""
    place = tmp_path_factory.mktemp("zoo") / "corpus"
    for name, trial in PROGRAMS.items():
        directory = place / "zoo" / name
        directory.mkdir(parents=True)
        spec = HURRIED if trial.get("hangs") else SPEC
        texts = {"example.toml": spec, "main.py": trial["program"], **trial.get("files", {})}
        for file, text in texts.items():
            (directory / file).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def told(corpus: Path) -> Told:
    """What one verification of all of them came to."""
    return verify(corpus, runs=2, schedules=2)


@pytest.fixture(scope="module")
def verdicts(told: Told) -> Mapping[str, Mapping[str, Any]]:
    """What was concluded of each."""
    return {each["example"].partition("/")[2]: each for each in told.verdicts}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_is_judged_by_what_it_does(
    verdicts: Mapping[str, Mapping[str, Any]], name: str
) -> None:
    """And by nothing that its neighbours did; whatever it waits for, and is deaf to."""
    verdict = verdicts[name]
    assert verdict["outcome"] in PROGRAMS[name]["outcomes"]
    broken = {finding["property"] for finding in verdict.get("findings", ())}
    assert not broken & set(PROGRAMS[name].get("unbroken", ()))


def test_all_of_them_leave_nothing_running(told: Told, corpus: Path) -> None:
    """Nor is one of them a fault of ours."""
    assert told.is_clean, told.text
    wait_until(lambda: not any(processes_in(corpus)))
    assert [] == [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in processes_in(corpus)]
