"""However much a program prints, it costs one run's limit, and Ctrl-C is heard meanwhile."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.judging.claims import make_claims
from harness.judging.judge import MANY_LINES, JudgingStopped, judge_run
from harness.language.spec import load_spec
from harness.machine.process import Command, Limits, clean_environment, run_process
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.run import Exited, OverLimit, Run
from tests.hostile.trials import verify_program, write_example


def run_flood(code: str, **limits: int) -> object:
    """How a program ended that had these limits."""
    command = Command(
        argv=(sys.executable, "-S", "-c", code),
        cwd=Path("/"),
        environment=clean_environment(),
        limits=Limits(**limits),
    )
    return run_process(command).ending


@pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_line_breaks_alone_are_a_flood(stream: str) -> None:
    """Each costs as much as a line to judge, however few bytes it has."""
    endless = f"import sys\nwhile True: sys.{stream}.write('\\n' * 1000)"
    assert OverLimit("10,000 lines of output") == run_flood(endless, output_lines=10_000)
    few = f"import sys\nsys.{stream}.write('\\n' * 1000)"
    assert Exited(0) == run_flood(few, output_lines=1000)


def test_a_flood_costs_one_run(tmp_path: Path) -> None:
    """Others like it would show nothing more."""
    endless = "print('said 1')\nwhile True:\n    print('\\n' * 1000)\n"
    told = verify_program(tmp_path, endless, "--jobs", "1", runs=20, schedules=20)
    assert told.is_clean, told.text
    (verdict,) = told.verdicts
    assert (ExitCode.FAILED, 1) == (told.code, verdict["runs"])
    assert "within-limits" in told.broken
    assert "no more runs after one that went over its limits" in " ".join(told.out.split())


@pytest.mark.parametrize("line", [b"\n", b"said 1\n", b"said 1\n" + b"x" * 2000 + b"\n"])
def test_judging_long_output_asks_whether_anybody_waits(tmp_path: Path, line: bytes) -> None:
    """Once it is told that nobody does it reads no further."""
    spec = load_spec(write_example(tmp_path, "print('said 1')\n"))
    (program,) = spec.programs_of(Side.PYTHON)
    run = Run(
        side=Side.PYTHON,
        program="main",
        toolchain="",
        schedule="plain",
        index=0,
        ending=Exited(0),
        stdout=line * (2 * MANY_LINES),
    )
    asked: list[int] = []

    def is_stopped() -> bool:
        asked.append(len(asked))
        return len(asked) > 2

    with pytest.raises(JudgingStopped):
        judge_run(make_claims(spec, program, unmet=lambda _: ""), run, is_stopped)
    assert 3 == len(asked)
