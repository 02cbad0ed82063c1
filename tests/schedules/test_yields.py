"""Random yields, for what cannot be controlled."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.bench.controllable import Controllable
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import make_work, plan_sides
from harness.bench.verifying import verify
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_python, default_rust
from harness.schedules.names import parse_schedule
from harness.schedules.preloads import with_preload
from harness.schedules.yields import compile_yields, yield_variables
from harness.values.program import Side
from harness.values.report import Outcome, Report
from harness.values.toolchain import Built, Toolchain
from tests.test_cli_processes import run_harness

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".harness" / "fixtures"
PASSING = ROOT / "tests" / "fixtures" / "passing"
OPTIONS = Options(runs=2, schedules=3, extra_runs=0, extra_schedules=0, jobs=2, state=STATE)
LINES = Path(__file__).parent / "rust" / "lines.rs"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library, compiled anew."""
    compiled = compile_yields(tmp_path_factory.mktemp("yields"))
    assert isinstance(compiled, Path), compiled
    return compiled


def environment(library: Path, seed: int) -> dict[str, str]:
    """What a program is started with for a run of that seed."""
    built = with_preload(Built(command=("program",)), library)
    return {**built.environment, **yield_variables(parse_schedule(f"yield:{seed}"))}


def test_the_library_is_compiled_once(library: Path) -> None:
    """What is there already is taken as it is."""
    before = library.stat()
    assert library == compile_yields(library.parent)
    assert before.st_mtime_ns == library.stat().st_mtime_ns


def test_without_a_compiler_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is said; nothing is raised."""
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = "random yields need a C compiler (cc), and none was found"
    assert expected == compile_yields(tmp_path / "state")


def test_a_compiler_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first line that it says is the reason."""
    compiler = tmp_path / "cc"
    compiler.write_text("#!/bin/sh\necho 'no such thing as C' >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    expected = "random yields cannot be compiled: no such thing as C"
    assert expected == compile_yields(tmp_path / "state")


def test_a_program_sees_nothing_of_it(library: Path) -> None:
    """Neither the program nor a process that it starts finds the variables in its environment."""
    code = (
        "import os, subprocess, sys\n"
        "print(sorted(os.environ), flush=True)\n"
        "subprocess.run([sys.executable, '-c', 'import os; print(sorted(os.environ))'])\n"
    )
    run = [sys.executable, "-S", "-c", code]
    loaded = subprocess.run(
        run, env=environment(library, 1), capture_output=True, text=True, check=True
    )
    bare = subprocess.run(run, env={}, capture_output=True, text=True, check=True)
    assert bare.stdout == loaded.stdout
    assert "" == loaded.stderr


def test_yields_vary_what_a_plain_run_does_not(library: Path, tmp_path: Path) -> None:
    """Of the orders of two threads' lines far more are seen than without."""
    program = tmp_path / "lines"
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "RUSTUP_HOME") if name in os.environ
    }
    subprocess.run(["rustc", "--edition=2021", "-o", program, LINES], env=kept, check=True)

    def orders(variables: list[dict[str, str]]) -> int:
        command = [str(program), "5", "10"]
        return len({subprocess.check_output(command, env=each) for each in variables})

    seeds = [environment(library, seed) for seed in range(60)]
    assert orders(seeds) > orders([{}] * 60)
    assert orders(seeds) > 10


@pytest.fixture(scope="module")
def uncontrollable() -> tuple[Toolchain, ...]:
    """An interpreter that passes for one that cannot be controlled, and the usual compiler."""
    return replace(default_python(), implementation="PyPy", version="3.11.0"), default_rust()


@pytest.fixture(scope="module")
def report(uncontrollable: tuple[Toolchain, ...]) -> Report:
    """A small corpus verified with them."""
    return verify(load_all(find_examples((PASSING,))), uncontrollable, OPTIONS, lambda _: None)


def test_where_control_cannot_be_had_yields_remain_and_the_report_says_so(report: Report) -> None:
    """As many runs with random yields as there would be controlled ones, and a note of why."""
    python = [v for v in report.verdicts if v.side is Side.PYTHON]
    expected = (
        "plain runs and random yields only: controlled schedules are for CPython; this is PyPy"
    )
    assert {(expected,)} == {verdict.notes for verdict in python}
    assert {(Outcome.PASSED, 5)} == {(verdict.outcome, verdict.runs) for verdict in python}
    rust = [v for v in report.verdicts if v.side is Side.RUST]
    assert {()} == {verdict.notes for verdict in rust}


def test_what_is_run_where_is_planned_so(uncontrollable: tuple[Toolchain, ...]) -> None:
    """Only the runs that yield are started with the library."""
    specs = load_all(find_examples((PASSING,)))
    lab = open_lab(specs, uncontrollable, OPTIONS)
    plan = plan_sides(specs, uncontrollable, OPTIONS)[0]
    work = make_work(plan, lab, OPTIONS)
    planned = [(str(r.schedule), "LD_PRELOAD" in r.build.environment) for r in work.requests]
    assert [("plain", False)] * 2 + [(f"yield:{seed}", True) for seed in range(3)] == planned


def test_without_either_plain_runs_remain_and_both_reasons_are_said(
    uncontrollable: tuple[Toolchain, ...],
) -> None:
    """No C compiler: no yields. Nothing is left out in silence."""
    specs = load_all(find_examples((PASSING,)))
    controllable = Controllable(
        reasons={(Side.PYTHON, uncontrollable[0].label): "this is PyPy"}, yields="no cc"
    )
    lab = replace(open_lab(specs, uncontrollable, OPTIONS), controllable=controllable)
    plan = plan_sides(specs, uncontrollable, OPTIONS)[0]
    work = make_work(plan, lab, OPTIONS)
    assert ["plain", "plain"] == [str(request.schedule) for request in work.requests]
    assert ("no cc", "plain runs only: this is PyPy") == work.notes


def test_one_run_with_yields_can_be_asked_for() -> None:
    """``harness run`` takes the schedule by its name."""
    done = run_harness(
        "run", "three-steps", "--corpus", str(PASSING), "--schedule", "yield:7",
        "--state-dir", str(STATE),
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    assert 2 == done.stdout.count("· yield:7")
