"""What a program, a build or a file may use is bounded, and going over is told of that one."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.machine.cargo import invocation
from harness.machine.process import Command, Limits, clean_environment, run_process
from harness.machine.process.command import MEBIBYTE
from harness.reports.json_lines import json_lines
from harness.values.errors import ExitCode
from harness.values.run import Exited, OverLimit, TimedOut
from tests.hostile.trials import command, verify, write_example
from tests.reports_of_all_kinds import FULL

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")

SHARED = """
import mmap, time
memory = mmap.mmap(-1, 200 << 20)
for page in range(0, len(memory), 4096):
    memory[page] = 1
time.sleep({seconds})
"""


@pytest.mark.parametrize(
    ("most", "seconds", "ending"),
    [(150, 60, OverLimit("150 MiB of memory")), (400, 0, Exited(0))],
)
def test_memory_that_is_shared_counts(most: int, seconds: int, ending: object) -> None:
    """The system's own limit is on private memory."""
    completed = run_process(
        Command(
            argv=(sys.executable, "-S", "-c", SHARED.format(seconds=seconds)),
            cwd=Path("/"),
            environment=clean_environment(),
            timeout_seconds=60.0,
            limits=Limits(memory_bytes=most * MEBIBYTE),
        )
    )
    assert ending == completed.ending


def test_a_tool_may_take_long_but_not_in_silence() -> None:
    """What it does meanwhile does not count."""
    completed = run_process(
        Command(
            argv=("/bin/sh", "-c", "echo begun; while :; do :; done"),
            cwd=Path("/"),
            environment=clean_environment(),
            timeout_seconds=3600.0,
            quiet_seconds=1.0,
        )
    )
    assert (TimedOut(1.0, idle=False), b"begun\n") == (completed.ending, completed.stdout)


TRACED = """
import ctypes, os, signal
ctypes.CDLL(None).ptrace(0, 0, None, None)
os.closerange(0, 256)
os.kill(os.getpid(), signal.SIGTRAP)
"""


@pytest.mark.parametrize("has_descriptors", [True, False])
def test_a_process_that_would_be_traced_by_us_has_not_ended(
    monkeypatch: pytest.MonkeyPatch, has_descriptors: bool
) -> None:
    """It stops, as each signal has it; old kernels have no descriptor by which its end is heard."""
    if not has_descriptors:

        def refuse(*_: object) -> int:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        monkeypatch.setattr(os, "pidfd_open", refuse)
    completed = run_process(
        Command(
            argv=(sys.executable, "-S", "-c", TRACED),
            cwd=Path("/"),
            environment=clean_environment(),
            timeout_seconds=0.5,
        )
    )
    assert TimedOut(0.5, idle=False) == completed.ending


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_crate_that_floods_cargo_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one workspace: the others are built without it."""
    limits = replace(invocation.LIMITS, output_bytes=100_000)
    monkeypatch.setattr(invocation, "LIMITS", limits)
    corpus = tmp_path / "corpus"
    for name in ("sound", "floods"):
        shutil.move(write_example(corpus, "print('said 1')\n"), corpus / "topic" / name)
        place = corpus / "topic" / name
        (place / "src").mkdir()
        (place / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n', encoding="utf-8"
        )
        unused = "".join(f"    let unused{n} = {n};\n" for n in range(200 * (name == "floods")))
        main = f'fn main() {{\n{unused}    println!("said 1");\n}}\n'
        (place / "src" / "main.rs").write_text(main, encoding="utf-8")
    (corpus / "Cargo.toml").write_text(
        '[workspace]\nmembers = ["topic/*"]\nresolver = "2"\n', encoding="utf-8"
    )
    told = verify(corpus, "--side", "rust", runs=1, schedules=0)
    assert told.is_clean, told.text
    assert [("topic/floods", "ERRORED"), ("topic/sound", "PASSED")] == sorted(
        (verdict["example"], verdict["outcome"]) for verdict in told.verdicts
    )
    assert "cargo came to no end: it gave more than" in told.out


# --- reports to pipes ------------------------------------------------------------------


def test_a_report_to_a_pipe_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    """Instead of waiting for a reader for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "r.json").write_text(json_lines(FULL), encoding="utf-8")
    told = command("merge", tmp_path / "r.json", "--report", f"json={pipe}")
    assert ExitCode.USAGE == told.code
    assert f"{pipe}: cannot be written: nobody reads this pipe" in told.err


def test_a_report_to_a_pipe_reaches_its_reader(tmp_path: Path) -> None:
    """Whole, though it is looked before the work whether it can be written."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "r.json").write_text(json_lines(FULL), encoding="utf-8")
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    read: list[bytes] = []

    def follow() -> None:
        with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
            while b'"kind": "end"' not in b"".join(read):
                read.append(stream.read1(65536))

    reader = threading.Thread(target=follow)
    reader.start()
    told = command("merge", tmp_path / "r.json", "--report", f"json={pipe}")
    reader.join()
    assert ExitCode.FAULT == told.code  # of which the report tells
    assert b"".join(read).startswith(b'{"kind": "report"')
