"""Nothing that a program does to the scheduler's record is a fault of ours, or hangs, or costs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.schedules.controlled import log_of, read_log
from harness.schedules.memory import MemoryFile
from harness.schedules.record import MOST_BYTES
from harness.values.errors import ExitCode
from tests.hostile.trials import verify_program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is Linux's")

FORGING = """
import os
place = f"/proc/{{os.getppid()}}/fd"
for name in os.listdir(place):
    try:
        is_log = "memfd:log" in os.readlink(f"{{place}}/{{name}}")
    except OSError:
        continue
    if is_log:
        log = os.open(f"{{place}}/{{name}}", os.O_WRONLY)
        {deed}
        os.close(log)
print("said 1")
"""

DEEDS = {
    "forged": "os.write(log, b'schedule 2\\n' + b'n 400000000 1\\n' * 5000 + b'end exit\\n')",
    "garbage": "os.pwrite(log, bytes(range(256)) * 64, 0)",
    "grown": "os.ftruncate(log, 1 << 36)",  # of which nothing takes room
    "binary": "os.write(log, b'\\0' * 4096)",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_record_that_the_program_has_changed_is_that_run_s_matter(
    tmp_path: Path, deed: str
) -> None:
    """Each such run is ERRORED, and says so; plain ones have no record that could be changed."""
    program = FORGING.format(deed=DEEDS[deed])
    told = verify_program(tmp_path, program, "--jobs", "1", runs=1, schedules=3)
    assert told.is_clean, told.text
    assert (ExitCode.FAILED, ["ERRORED"], {"record"}) == (told.code, told.outcomes, told.broken)
    assert "changed the scheduler's record" in told.out


@pytest.mark.parametrize(
    "entry",
    [
        "n 400000000 1",
        "n -1 1",
        "n 1 -1",
        "n 1 " + "9" * 4000,
        "n 1 " + "9" * 5000,
        "d 7 0 1 0,1 -",
        "d 0 0 5 0,1 -",
        "d 0 0 99999999 0,99999999 -",
        "d 0 0",
        "o 1 " + "9" * 30,
        "w",
        "w 1",
        "f",
        "h 1",
        "t 1",
        "c",
        "l 0 x +0xzz",
        "thread",
        "\u0661 1",
    ],
)
def test_an_entry_that_no_runtime_writes_makes_no_record(entry: str) -> None:
    """It is refused before anything counts up to what it says."""
    log = read_log(f"schedule 2\n{entry}\nend exit steps=1\n")
    assert log.record is None
    assert log.fault


def test_a_record_that_is_too_long_is_not_read() -> None:
    """However long it is: it takes room of ours only once it is read."""
    with MemoryFile() as file:
        with open(file.place, "r+b") as log:  # noqa: PTH123 - as a program would
            log.truncate(MOST_BYTES + 1)
        assert log_of(file, b"").record is None


ORDINARY = {
    "exec": "import os, sys\nif len(sys.argv) == 1:\n"
    "    os.execv(sys.executable, [sys.executable, 'main.py', 'again'])\nprint('said 1')\n",
    "grandchild": "import os\nif os.fork() == 0:\n    if os.fork() == 0:\n        os._exit(0)\n"
    "    os.wait()\n    os._exit(0)\nos.wait()\nprint('said 1')\n",
    "exit": "import os\nprint('said 1', flush=True)\nos._exit(0)\n",
    "exit-beneath": "import ctypes\nprint('said 1', flush=True)\nctypes.CDLL(None)._exit(0)\n",
    "exit-of-the-kernel": "import ctypes\nprint('said 1', flush=True)\n"
    "ctypes.CDLL(None).syscall(231, 0)\n",
    "pid": "import os, threading\nthread = threading.Thread(target=lambda: None)\n"
    "thread.start()\nthread.join()\nos.getpid()\nprint('said', 1)\n",
    "rewriting": "import pathlib, sys\nplace = pathlib.Path(__file__)\n"
    "place.write_text(place.read_text() + '#\\n')\nprint('said 1')\n",
    "killed": "import os, signal\nprint('said 1', flush=True)\n"
    "os.kill(os.getpid(), signal.SIGKILL)\n",
    "closing": "import os, sys\nprint('said 1', flush=True)\nos.closerange(0, 256)\n",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_program_is_no_fault_of_ours(tmp_path: Path, name: str) -> None:
    """Whatever is concluded of it."""
    told = verify_program(tmp_path, ORDINARY[name], runs=2, schedules=4)
    assert told.is_clean, told.text
    assert set(told.outcomes) <= {"PASSED", "FAILED", "ERRORED", "INCONCLUSIVE"}


def test_a_printed_pid_is_no_fault_of_ours(tmp_path: Path) -> None:
    """No two runs are alike, of which the report may well speak."""
    program = "import os\nprint('said', os.getpid())\nprint('said', os.getpid())\n"
    told = verify_program(tmp_path, program, runs=2, schedules=4)
    assert told.is_clean, told.text
    assert (ExitCode.FAILED, {"says-it"}) == (told.code, told.broken)
