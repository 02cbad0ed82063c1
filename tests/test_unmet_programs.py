"""A program that says when it can run, where it cannot: left out of all that breaks and learns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.authoring.propose import propose
from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.proof.audit.auditing import audit
from harness.proof.audit.results import ControlOutcome, ExampleAudit
from harness.proof.breaking import try_variants
from harness.proof.mutants import Fate, try_mutants
from harness.proof.variants import variants_of
from harness.values.program import Side
from tests.audit.driver import WEAK

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")

PROGRAM = """
[programs.elsewhere]
summary = "Runs on another interpreter only."
python  = "elsewhere.py"
when    = { implementation = "Jython" }
"""
FURTHER = """
[always.elsewhere-in-turn]
why     = "one loop counts there too"
programs = "python:elsewhere"
values  = { of = "step.i", are = "1..=3" }
"""
BREAKS = """
["another number"]
breaks = ["elsewhere-in-turn"]
"python:elsewhere" = { replace = "range(1, 4)", with = "range(1, 5)" }
"""
REASON = "for Jython; this is CPython"


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    """A pair with a further program, which leaves a file behind where it is run."""
    place = tmp_path / "corpus" / "specs" / "sound"
    shutil.copytree(WEAK / "specs" / "sound", place)
    text = (place / "example.toml").read_text(encoding="utf-8")
    head, first, rest = text.partition("\n[always.")
    (place / "example.toml").write_text(head + PROGRAM + first + rest + FURTHER, encoding="utf-8")
    with (place / "breaks.toml").open("a", encoding="utf-8") as breaks:
        breaks.write(BREAKS)
    main = (place / "main.py").read_text(encoding="utf-8")
    trap = f"open({str(tmp_path / 'was-run')!r}, 'w').close()\n"
    (place / "elsewhere.py").write_text(trap + main, encoding="utf-8")
    return load_spec(place)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Plain runs only."""
    return Options(runs=4, schedules=0, state=tmp_path / "state")


def test_the_audit_skips_its_control_with_the_reason(
    spec: Spec, options: Options, tmp_path: Path
) -> None:
    """A control that could not be tried is neither broken nor a finding."""
    told: list[ExampleAudit] = []
    audit([spec], [default_python()], options, told.append)
    (example,) = told
    outcomes = {each.name: (each.outcome, each.detail) for each in example.controls}
    assert (ControlOutcome.SKIPPED, REASON) == outcomes["another number"]
    assert ControlOutcome.BROKEN is outcomes["done twice, in Python"][0]
    assert () == example.findings
    assert not (tmp_path / "was-run").exists()


@needs_cargo
def test_its_mutants_are_not_tried(spec: Spec, tmp_path: Path) -> None:
    """They count as little as what does not build, and say why."""
    options = Options(runs=2, schedules=0, sides=(Side.PYTHON,), state=tmp_path / "state")
    report = try_mutants([spec], (default_python(), default_rust()), options)
    fates = {
        (trial.fate, trial.reason) for trial in report.trials if trial.mutant.program == "elsewhere"
    }
    assert {(Fate.NOT_BUILDABLE, f"its program is not run: {REASON}")} == fates
    assert Fate.KILLED in {t.fate for t in report.trials if t.mutant.program == "main"}
    assert not (tmp_path / "was-run").exists()


def test_breaking_it_says_why_not(spec: Spec, options: Options, tmp_path: Path) -> None:
    """``harness break`` has nothing to show, and tells the reason."""
    variants = variants_of(spec, lambda path: (spec.directory / path).read_text(encoding="utf-8"))
    chosen = [variant for variant in variants if variant.name == "another number"]
    ((_, broken),) = try_variants(chosen, [default_python()], options)
    assert f"elsewhere.py is not run: {REASON}" == broken.trouble
    assert not (tmp_path / "was-run").exists()


@needs_cargo
def test_nothing_is_learned_of_it(spec: Spec, options: Options, tmp_path: Path) -> None:
    """``harness propose`` runs the others only."""
    proposed = propose(spec.directory, (default_python(), default_rust()), options)
    assert proposed.made
    assert not (tmp_path / "was-run").exists()
