"""A program that stands still since a thread sleeps in C code with the GIL held: a hang."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.cli import run_command_line
from harness.machine.toolchains import default_python
from harness.values.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
title   = "The GIL held"
summary = "Nobody lets go of the mutex, and whoever waits for it keeps the GIL."

[events]
waits = "about to wait"

[always.it-stands-still]
why  = "whoever needs the GIL waits for one who waits for ever"
hang = { after = ["waits"] }
"""
PROGRAM = """\
import ctypes
import threading

mutex = ctypes.create_string_buffer(64)
lock = ctypes.PyDLL(None).pthread_mutex_lock
lock(mutex)
threads = [threading.Thread(target=lock, args=(mutex,)) for _ in range(2)]
print("about to wait")
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.skipif(not default_python().has_gil, reason="there is no GIL to be held")
def test_it_is_told_as_a_hang_plainly_and_under_control(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others ask for the GIL again and again, and so does what watches a controlled run."""
    example = tmp_path / "corpus" / "t" / "held"
    example.mkdir(parents=True)
    (example / "main.py").write_text(PROGRAM)
    (example / "example.toml").write_text(SPEC)
    places = ("--corpus", str(tmp_path / "corpus"), "--state-dir", str(tmp_path / "state"))
    assert run_command_line(["verify", "--runs", "1", "--schedules", "2", *places]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "2 steered" in said, said
