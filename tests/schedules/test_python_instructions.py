"""What is known of the instructions of each interpreter that is here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from harness.schedules import controlled
from harness.schedules.serving import serving
from tests.schedules.python_traced import FOLLOWED, starter
from tests.schedules.traced import explore

SCRIPT = Path(__file__).parent / "python_instructions.py"

pytestmark = pytest.mark.parametrize("label", FOLLOWED)


def test_each_instruction_is_known(label: str) -> None:
    """It has a rule, or touches nothing, or anything, or is never met: somebody has looked.

    And it is known how deep the stack is there.
    """
    done = subprocess.run(
        [FOLLOWED[label], "-B", str(SCRIPT), str(controlled.PYTHON_RUNTIME)],
        capture_output=True,
        text=True,
        check=True,
    )
    known = json.loads(done.stdout)
    assert (known["unnamed"], known["twice"]) == ([], [])
    assert known["too_deep"] == 0
    assert known["untold"] < known["all"] / 500  # what is never come to; 3.15: the ends of `await`
    assert known["compared"] > 10
    assert known["wrong"] == 0


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("operands.py", "(24, 72)|(24, 80)", "(24, 64)"),
        (
            "operands.py",
            "return _VARIES if depth == _VARIES else max(depth",
            "return max(1 + depth",
        ),
        ("rehearsal.py", "shared.seen = [each, *items]", "shared.told = [each, *items]"),
    ],
)
def test_nothing_is_claimed_where_operands_are_not_found(
    label: str,
    file: str,
    right: str,
    wrong: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An interpreter may have them elsewhere, whatever its version: it is tried at the start."""
    copy = copytree(controlled.PYTHON_RUNTIME, tmp_path / "runtime")
    changed = next(copy.rglob(file))
    text = changed.read_text()
    for each in right.split("|"):
        text = text.replace(each, wrong)
    assert text != changed.read_text()
    changed.write_text(text)
    monkeypatch.setattr(controlled, "PYTHON_RUNTIME", copy)
    with serving(1):
        seen = explore(starter(python=FOLLOWED[label]), "j i i", limit=2, is_native=False)
    assert "instructions" in seen.search.uncovered
