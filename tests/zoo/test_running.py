"""The runner of the zoo tells what is wrong, and of which runs that is no wonder."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from harness.machine.toolchains import default_python
from harness.schedules.record import Loose, Record
from tests.zoo.running import (
    ZOO,
    Effort,
    Found,
    beyond_control,
    choose,
    line_of,
    run_zoo,
    summary_of,
)
from tests.zoo.twins import all_fail, try_twins, twins_summary

RIGHT = ZOO / "python" / "threading" / "subclass-result"
EFFORT = Effort(schedules=4, plain=1, again_every=2)


def try_one(corpus: Path, state: Path) -> Found:
    """What comes of the only program of a corpus."""
    (found,) = run_zoo(choose(corpora=[corpus]), [default_python()], EFFORT, state)
    return found


def copy_of(example: Path, corpus: Path, old: str, new: str) -> None:
    """Copy an example into a corpus of its own, with a change of its program."""
    place = corpus / example.parent.name / example.name
    shutil.copytree(example, place)
    program = place / "main.py"
    text = program.read_text(encoding="utf-8")
    assert text.count(old) == 1
    program.write_text(text.replace(old, new), encoding="utf-8")
    # Its controls are not meant for what it is now.
    (place / "breaks.toml").unlink()


def test_what_is_right_is_right(tmp_path: Path) -> None:
    """All runs are counted, and those that were made again were the same."""
    copy_of(RIGHT, tmp_path / "corpus", "range(0, 10)", "range(10)")
    found = try_one(tmp_path / "corpus", tmp_path / "state")
    assert ("right", 5, 4, 2, ()) == (
        found.verdict,
        found.runs,
        found.controlled,
        found.made_again,
        found.faults,
    )
    assert found.is_fully_controlled


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    """A program that breaks its spec is one with a verdict against it."""
    copy_of(RIGHT, tmp_path / "corpus", "sum(self.numbers)", "max(self.numbers)")
    found = try_one(tmp_path / "corpus", tmp_path / "state")
    assert found.verdict == "FALSE"
    assert any("part.value is 9 where it cannot be" in fault for fault in found.faults)


def test_what_is_beyond_control_is_told_with_its_reason() -> None:
    """Children are, and so is who was passed over."""
    loose = Loose(thread=1, call="read", place="main.py:9")
    record = Record(end="exit", uncontrolled=("child-process",), loose=(loose,))
    assert beyond_control(record) == ("child-process", "passed over: read at main.py:9")
    assert () == beyond_control(replace(record, uncontrolled=(), loose=()))


def test_the_summary_counts_programs() -> None:
    """Each kind by itself; what was skipped is none of them."""
    full = Found(name="a/full", toolchain="t", runs=3, controlled=3, seconds=1.5)
    loose = Found(name="a/loose", toolchain="t", runs=3, controlled=3, loose_runs=1, seconds=2.5)
    hangs = Found(name="a/hangs", toolchain="t", runs=3, controlled=3, hangs=["random:1"])
    skipped = Found(name="a/skipped", toolchain="t", skipped="needs Python 9")
    assert summary_of([full, loose, hangs, skipped]).splitlines() == [
        "3 programs, 9 runs",
        "false verdicts: 0",
        "hangs: 1",
        "other runs when made again: 0",
        "fully controlled: 2 of 3 (67 %)",
        "slowest: a/loose, 2.5 s",
    ]
    assert ("HANG", "skipped") == (line_of(hangs)[:4], line_of(skipped)[:7])


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("sum(self.numbers[1:])", ("fails", "1 of 1 wrong twins fail", True)),
        ("sum(list(self.numbers))", ("WRONG", "0 of 1 wrong twins fail", False)),
    ],
)
def test_a_twin_has_to_break_what_it_names(
    edit: str, expected: tuple[str, str, bool], tmp_path: Path
) -> None:
    """No more is asked of it; one that changes nothing is told, and counted."""
    corpus = tmp_path / "corpus"
    place = corpus / RIGHT.parent.name / RIGHT.name
    shutil.copytree(RIGHT, place)
    spec = place / "breaks.toml"
    text = spec.read_text(encoding="utf-8")
    assert text.count("sum(self.numbers[1:])") == 1
    spec.write_text(text.replace("sum(self.numbers[1:])", edit), encoding="utf-8")
    lines: list[str] = []
    state = tmp_path / "state"
    results = try_twins(choose(corpora=[corpus]), [default_python()], state, lines.append)
    (line,) = lines
    assert expected == (line.split()[0], twins_summary(results), all_fail(results))
