"""Hostile programs as examples, harmless to the machine: each is bounded, and ends by itself."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cli import run_command_line

STATE = Path(__file__).parents[2] / ".harness" / "hostile"
"""What is built once, for all of these tests."""

SPEC = """
title   = "Hostile"
summary = "A program that does what no reader would expect of it."
[run]
timeout = 20
[events]
said = "said {n:d}"
[always.says-it]
why   = "it says so once"
count = { of = "said", is = 1 }
"""

THREADS = """
import threading
lock = threading.Lock()
def work():
    for _ in range(20):
        with lock:
            pass
threads = [threading.Thread(target=work) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print("said 1")
"""
"""A right program: two threads and a lock."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a command ended, what it printed, and what its report holds."""

    code: int
    out: str
    err: str
    verdicts: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def outcomes(self) -> list[str]:
        """What is concluded, in the order of the report."""
        return [verdict["outcome"] for verdict in self.verdicts]

    @property
    def broken(self) -> set[str]:
        """The names of all that was found broken."""
        return {each["property"] for v in self.verdicts for each in v.get("findings", ())}

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.out + self.err

    @property
    def is_clean(self) -> bool:
        """Whether it is told without a traceback of ours, and is no fault of ours."""
        return self.code != 70 and "Traceback" not in self.err


def write_example(place: Path, program: str, spec: str = SPEC) -> Path:
    """An example of one Python program below ``place``."""
    directory = place / "topic" / "hostile"
    directory.mkdir(parents=True)
    (directory / "example.toml").write_text(spec, encoding="utf-8")
    (directory / "main.py").write_text(textwrap.dedent(program), encoding="utf-8")
    return directory


def command(*words: str | Path) -> Told:
    """A command of the harness, in this process."""
    out, err = Captured(), Captured()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = run_command_line([str(word) for word in words])
        except SystemExit as left:
            code = int(left.code or 0)
    return Told(code=code, out=out.text, err=err.text)


class Captured(io.TextIOWrapper):
    """A stream as a real one is, with bytes below its text."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    @property
    def text(self) -> str:
        """What was written."""
        self.flush()
        data = self.buffer
        assert isinstance(data, io.BytesIO)
        return data.getvalue().decode("utf-8")


def verify(place: Path, *words: str, runs: int = 2, schedules: int = 2) -> Told:
    """Verify what is below ``place``."""
    report = place.parent / "report.json"
    told = command(
        *("verify", "--corpus", place, "--state-dir", STATE, "--jobs", "2"),
        *("--runs", str(runs), "--schedules", str(schedules), "--report", f"json={report}"),
        *words,
    )
    lines = report.read_text("utf-8").splitlines() if report.exists() else []
    every = [json.loads(line) for line in lines]
    verdicts = tuple(line for line in every if line["kind"] == "verdict")
    return Told(code=told.code, out=told.out, err=told.err, verdicts=verdicts)


def verify_program(tmp_path: Path, program: str, *words: str, **counts: int) -> Told:
    """Verify an example of this one Python program."""
    write_example(tmp_path / "corpus", program)
    return verify(tmp_path / "corpus", *words, **counts)


def is_running(pid: int) -> bool:
    """Whether the process has not ended."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(") ")[2][0] not in "ZX"
    return False
