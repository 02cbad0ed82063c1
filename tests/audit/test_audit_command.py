"""``harness audit``: what it says, what it writes, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.machine.toolchains import default_python
from harness.values.errors import ExitCode
from tests.audit.driver import WEAK


def audit(name: str, place: Path, *further: str) -> int:
    """Audit one of the weak specs by plain runs; gives the exit code."""
    options = ["--runs", "4", "--schedules", "0", "--state-dir", str(place), "--no-color"]
    return run_command_line(["audit", name, "--corpus", str(WEAK), *options, *further])


def test_a_sound_spec_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 0, and the figures are written where they are asked for."""
    figures = tmp_path / "figures.json"
    assert ExitCode.OK == audit("sound", tmp_path, "-v", "--json", str(figures))
    written = json.loads(figures.read_text(encoding="utf-8"))
    assert ["specs/sound"] == [row["example"] for row in written["examples"]]
    assert 6 == written["corpus"]["controls_broken"]
    output = capsys.readouterr().out
    assert "    broken       python one step more, in Python  (4 runs: in-turn)\n" in output
    seen = "1 interleaving in 12 sampled runs, of exactly 1"
    assert f"rust main: {seen}; 0 legal reinterleavings judged" in " ".join(output.split())
    assert "1 example, all passed\n" in output


def test_a_weak_spec_fails_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 1, and the weakness is named with its place and what to do."""
    assert ExitCode.FAILED == audit("vacuous", tmp_path)
    output = capsys.readouterr().out
    assert (
        "VACUOUS (1)\n"
        "  nothing can break this property: it says nothing, so drop it or sharpen it\n"
        "  specs/vacuous: warned-before-done  example.toml:21\n"
        "      no control and no mutated trace breaks it\n"
    ) in output
    assert "1 example, 1 failed\n" in output


def test_an_example_below_its_floor_is_not_passed_over_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with what is too old for it, and where it was all, nothing is proven."""
    place = tmp_path / "corpus" / "specs" / "sound"
    shutil.copytree(WEAK / "specs" / "sound", place)
    spec = place / "example.toml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("\n[events]", '\npython = ">=3.99"\n\n[events]', 1), "utf-8")
    options = ["--state-dir", str(tmp_path), "--no-color"]
    code = run_command_line(["audit", "--corpus", str(tmp_path / "corpus"), *options])
    label = default_python().label
    assert ExitCode.NOTHING_SELECTED == code
    assert (
        "\nnothing was audited, so nothing is shown\n"
        f"  not audited: specs/sound: python {label} is below its floor\n"
    ) == capsys.readouterr().out


AGREES = """
[always.both-agree]
why       = "they count alike"
agreement = { of = "output" }
"""
ONE_MORE = """
["one step more than Rust"]
breaks = ["both-agree"]
python = { replace = "range(1, 4)", with = "range(1, 5)" }
"""


def test_what_compares_the_sides_is_left_out_of_one_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the property nor its control can be told of, and neither is a fault."""
    place = tmp_path / "corpus" / "specs" / "sound"
    shutil.copytree(WEAK / "specs" / "sound", place)
    with (place / "example.toml").open("a", encoding="utf-8") as spec:
        spec.write(AGREES)
    with (place / "breaks.toml").open("a", encoding="utf-8") as breaks:
        breaks.write(ONE_MORE)
    options = ["--corpus", str(tmp_path / "corpus"), "--runs", "4", "--schedules", "0"]
    told = ["--state-dir", str(tmp_path), "--no-color", "-v"]
    assert ExitCode.OK == run_command_line(["audit", "--side", "python", *options, *told])
    output = capsys.readouterr().out
    said = " ".join(output.split())
    assert (
        "skipped python one step more than Rust "
        "(0 runs: it compares both sides, and only one is audited)"
    ) in said
    assert "    not here     both-agree\n" in output
    left_out = "1 property and 1 control"
    assert f"for other toolchains or the other side only: {left_out}" in said


def test_it_is_said_why_interleavings_cannot_be_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the place of a number stands the reason."""
    audit("only-counts", tmp_path, "-v")
    reason = "a number that cannot be counted: no property lists every value of step.i"
    seen = f"1 interleaving in 12 sampled runs, of {reason}"
    said = " ".join(capsys.readouterr().out.split())
    assert f"rust main: {seen}; 4 legal reinterleavings judged" in said
