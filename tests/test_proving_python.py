"""What ``harness verify`` claims of a Python program when it has run every trace, and when not."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.proving import FOLLOWED_PYTHONS
from harness.schedules.controlled import PYTHON_RUNTIME
from harness.values.program import Side
from tests.schedules.python_traced import IS_COVERED
from tests.test_proving import SPEC, verify

pytestmark = pytest.mark.skipif(not IS_COVERED, reason="no instructions are followed here")

PROGRAMS = {
    "greeting": "def work(n):\n    sleep(0.001)\n    print(f'saw {n}')\n",
    "counted": "counts = []\ndef work(n):\n    with lock:\n        counts.append(n)\n"
    "        print(f'saw {len(counts)}')\n",
    "lucky": "first = []\ndef work(n):\n    if n == 1:\n        first.append(n)\n"
    "    elif first:\n        print(f'saw {n}')\n    print(f'saw {n}')\n",
    "limited": "from queue import Queue\nitems = Queue()\ndef work(n):\n"
    "    if n == 1:\n        items.put(n)\n    else:\n        items.get(timeout=1)\n"
    "    print(f'saw {n}')\n",
    "weak": "import weakref\ndef work(n):\n    print(f'saw {n}')\n",
}
"""Lines alone; a counter; one that fails in some traces; what no trace covers: limits, weakrefs."""

HEAD = "from threading import Lock, Thread\nfrom time import sleep\n\nlock = Lock()\n"
MAIN = """
threads = [Thread(target=work, args=(n,)) for n in (1, 2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The verdict on each of the programs, by its name; what was said, by none."""
    place = tmp_path_factory.mktemp("proving")
    for name, text in PROGRAMS.items():
        directory = scaffold(place, "topic", name, (Side.PYTHON,)).directory
        (directory / "breaks.toml").unlink()
        (directory / "example.toml").write_text(SPEC)
        (directory / "main.py").write_text(HEAD + text + MAIN)
    return verify(place, "python")


def test_a_side_is_proved_whose_every_trace_was_run(verdicts: dict[str, dict[str, Any]]) -> None:
    """No further schedule is spent on it; sleeps end at once, and lines commute where they may."""
    for name, traces in (("greeting", 1), ("counted", 2)):
        verdict = verdicts[name]
        (searched,) = verdict["searched"]
        assert (verdict["outcome"], verdict["is_proved"]) == ("PASSED", True), verdicts[""]["text"]
        assert searched["traces"] == traces
        assert verdict["plain_runs"] == 2
    assert "early timeouts" in verdicts["greeting"]["searched"][0]["over"]


def test_a_failure_in_one_trace_is_found_and_nothing_is_proved(
    verdicts: dict[str, dict[str, Any]],
) -> None:
    """It has a schedule by which it is made again."""
    verdict = verdicts["lucky"]
    assert verdict["outcome"] == "FAILED"
    assert not verdict.get("is_proved")
    assert any("--schedule" in found["reproduce"] for found in verdict["findings"])


def test_a_wait_that_has_a_limit_may_end_early(verdicts: dict[str, dict[str, Any]]) -> None:
    """Though what is left of it is a fraction of a second: nothing is proved."""
    assert not verdicts["limited"].get("is_proved")
    assert not verdicts["limited"].get("searched")


def test_what_no_trace_covers_is_run_under_schedules(verdicts: dict[str, dict[str, Any]]) -> None:
    """It passes, and is not proved."""
    verdict = verdicts["weak"]
    assert verdict["outcome"] == "PASSED"
    assert not verdict.get("is_proved")
    assert not verdict.get("searched")


def test_what_is_followed_is_what_the_runtime_knows_the_frames_of() -> None:
    """Two lists that cannot import each other: the runtime's own is the program's interpreter's."""
    source = (PYTHON_RUNTIME / "controlled_threads" / "operands.py").read_text(encoding="utf-8")
    known = next(
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_LAYOUTS"
    )
    assert tuple(known) == FOLLOWED_PYTHONS
