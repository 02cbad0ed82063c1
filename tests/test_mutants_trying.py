"""Mutants that are built and run for real, and what a good and a weak spec make of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.cli import run_command_line
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.proof.mutants import Fate, MutationReport, try_mutants
from harness.proof.mutants.fates import Score
from harness.proof.mutants.mutant import Mutant
from harness.values.errors import ExitCode
from harness.values.program import Side

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")

WEAK = """
[always.some-step]
why   = "it says next to nothing"
count = { of = ["step", "total"], at-least = 1 }
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one pair."""
    corpus = tmp_path_factory.mktemp("mutants")
    scaffold(corpus, "topic", "pair")
    return corpus


def _try(spec: Spec, place: Path, *, most: int | None = None, side: Side) -> MutationReport:
    options = Options(runs=2, schedules=0, jobs=2, sides=(side,), state=place / "state")
    return try_mutants([spec], (default_python(), default_rust()), options, most=most)


def _by_line(report: MutationReport, operator: str) -> dict[int, Fate]:
    trials = (trial for trial in report.trials if trial.mutant.operator == operator)
    return {trial.mutant.line: trial.fate for trial in trials}


def test_a_good_spec_kills_rust_mutants(place: Path) -> None:
    """Dropped prints and lowered bounds are found, and the example's own files stay as they are."""
    spec = load_spec(place / "topic" / "pair")
    before = (spec.directory / "src" / "main.rs").read_bytes()
    report = _try(spec, place, side=Side.RUST)
    assert {Fate.KILLED} == set(_by_line(report, "drop-print").values())
    assert {Fate.KILLED} == set(_by_line(report, "lower-bound").values())
    assert Fate.NOT_BUILDABLE in {trial.fate for trial in report.trials}
    assert before == (spec.directory / "src" / "main.rs").read_bytes()
    assert ["Cargo.toml", "breaks.toml", "example.toml", "main.py", "src"] == sorted(
        path.name for path in spec.directory.iterdir()
    )


def test_a_killed_mutant_names_its_killers(place: Path) -> None:
    """A mutant is killed by the properties that the first bad run broke, agreement included."""
    report = _try(load_spec(place / "topic" / "pair"), place, side=Side.PYTHON)
    (trial,) = (
        t for t in report.trials if t.mutant.operator == "drop-print" and t.mutant.line > 15
    )
    assert ("the-number-is-told", "same-text") == trial.killed_by
    assert ("plain", 1) == (trial.schedule, trial.runs)


def test_a_weak_spec_lets_mutants_live(place: Path) -> None:
    """What prints something new without breaking anything survives, unless the spec says why."""
    good = place / "topic" / "pair"
    weak = place / "topic" / "weak-pair"
    shutil.copytree(good, weak)
    text = (good / "example.toml").read_text(encoding="utf-8")
    head = text[: text.index("[always.")]
    (weak / "example.toml").write_text(head + WEAK, encoding="utf-8")
    (weak / "breaks.toml").unlink()
    (weak / "Cargo.toml").write_text(
        (weak / "Cargo.toml").read_text(encoding="utf-8").replace('"pair"', '"weak-pair"'),
        encoding="utf-8",
    )
    report = _try(load_spec(weak), place, side=Side.PYTHON)
    survivors = [trial for trial in report.trials if trial.fate is Fate.SURVIVED]
    assert "change-constant" in {trial.mutant.operator for trial in survivors}
    assert report.score.killed < report.score.tried

    explained = survivors[0].mutant.id
    (weak / "breaks.toml").write_text(explanation_of(survivors[0].mutant), encoding="utf-8")
    again = _try(load_spec(weak), place, side=Side.PYTHON)
    assert {explained: "a test says so"} == {
        trial.mutant.id: trial.reason for trial in again.trials if trial.fate is Fate.EXPLAINED
    }
    shutil.rmtree(weak)


def explanation_of(mutant: Mutant) -> str:
    """A variant that comes to the same text as the mutant does, and breaks nothing."""
    edit = f"{{ replace = {json.dumps(mutant.original)}, with = {json.dumps(mutant.source)} }}"
    return f'["as it is"]\nbreaks = []\nwhy = "a test says so"\n{mutant.side.value} = {edit}\n'


SELDOM = """\
title   = "Seldom"
summary = "Something is shown in every fourth run."

[events]
rare = "rare"
done = "done"

[always.ends-so]
why   = "it is said last, whatever else is"
count = { of = "done", is = 1 }

[sometimes.rare-is-shown]
why   = "every fourth run says it"
programs = "python"
count = { of = "rare", is = 1 }
"""
SELDOM_PROGRAM = """\
from pathlib import Path

runs = Path(__file__).with_suffix(".runs")
number = len(runs.read_text()) if runs.exists() else 0
runs.write_text("x" * (number + 1))
if number % 4 == 3:
    print("rare")
print("done")
"""


def test_what_the_original_shows_seldom_is_waited_for(place: Path, tmp_path: Path) -> None:
    """Where the budget is too small to tell, more runs are made of the mutant and the original."""
    shutil.copytree(place / "topic" / "pair", tmp_path / "topic" / "seldom")
    directory = tmp_path / "topic" / "seldom"
    (directory / "main.py").write_text(SELDOM_PROGRAM, encoding="utf-8")
    (directory / "src" / "main.rs").write_text(
        'fn main() {\n    println!("done");\n}\n', encoding="utf-8"
    )
    (directory / "breaks.toml").unlink()
    (directory / "example.toml").write_text(SELDOM, encoding="utf-8")
    options = Options(runs=8, schedules=0, jobs=1, sides=(Side.PYTHON,), state=tmp_path / "state")
    report = try_mutants([load_spec(directory)], (default_python(), default_rust()), options)
    (never,) = (
        trial
        for trial in report.trials
        if trial.mutant.operator == "drop-print" and '-    print("rare")' in trial.mutant.diff
    )
    assert (Fate.KILLED, ("rare-is-shown",), 32) == (never.fate, never.killed_by, never.runs)


BUSY = """\
title   = "Busy"
summary = "It is fast, until the machine is busy."

[events]
took = "took {s:f}"
unit = "unit {s:f}"

[sometimes.some-run-is-fast]
why   = "nothing else is to be done"
programs = "python"
speed = { ratio = ["unit.s", "took.s"], at-least = 1 }

[always.tells-once]
why   = "there is one line"
count = { of = "took", is = 1 }
"""
BUSY_PROGRAM = """\
from pathlib import Path

runs = Path(__file__).with_suffix(".runs")
number = len(runs.read_text()) if runs.exists() else 0
runs.write_text("x" * (number + 1))
if number < FAST:
    print("took 0.5")
else:
    print("took 9.0")
print("unit 1.0")
"""


@pytest.mark.parametrize(("fast", "is_killed"), [("8", False), ("1000", True)])
def test_a_speed_that_the_original_loses_as_well_is_no_kill(
    place: Path, tmp_path: Path, fast: str, is_killed: bool
) -> None:
    """On a machine that has become busy the original is run again before a mutant is told slow."""
    shutil.copytree(place / "topic" / "pair", tmp_path / "topic" / "busy")
    directory = tmp_path / "topic" / "busy"
    program = BUSY_PROGRAM.replace("FAST", fast)
    (directory / "main.py").write_text(program, encoding="utf-8")
    (directory / "src" / "main.rs").write_text(
        'fn main() {\n    println!("took 0.5\\nunit 1.0");\n}\n', encoding="utf-8"
    )
    (directory / "breaks.toml").unlink()
    (directory / "example.toml").write_text(BUSY, encoding="utf-8")
    options = Options(runs=8, schedules=0, jobs=1, sides=(Side.PYTHON,), state=tmp_path / "state")
    report = try_mutants([load_spec(directory)], (default_python(), default_rust()), options)
    (slow,) = (t for t in report.trials if f"+if number >= {fast}:" in t.mutant.diff)
    assert is_killed is (slow.fate is Fate.KILLED)


def test_the_command_reports_and_records(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with the score, and writes what became of each mutant where it is told."""
    recorded = tmp_path / "mutants.json"
    asked = ["--side", "python", "--most", "2", "--runs", "1", "--schedules", "0"]
    kept = ["--state-dir", str(place / "state"), "--json", str(recorded), "--no-color"]
    code = run_command_line(["mutate", "--corpus", str(place), *asked, *kept])
    assert ExitCode.OK == code
    assert " of 2 mutants killed (" in capsys.readouterr().out
    found = json.loads(recorded.read_text(encoding="utf-8"))
    assert 2 == found["score"]["tried"] == len(found["mutants"])
    assert {"topic/pair"} == {mutant["example"] for mutant in found["mutants"]}


def test_an_example_below_its_floor_is_not_passed_over_in_silence(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with what is too old for it; where it was all, nothing is shown of anything."""
    corpus = tmp_path / "corpus"
    shutil.copytree(place / "topic", corpus / "topic")
    spec = corpus / "topic" / "pair" / "example.toml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("\n[events]", '\npython = ">=3.99"\n\n[events]', 1), "utf-8")
    options = ["--state-dir", str(tmp_path / "state"), "--no-color"]
    code = run_command_line(["mutate", "--corpus", str(corpus), *options])
    said = f"not tried: topic/pair: python {default_python().label} is below its floor\n"
    assert (ExitCode.NOTHING_SELECTED, True) == (code, said in capsys.readouterr().out)


def test_the_command_lists_without_running(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With ``--list`` each mutant is shown with its diff, and nothing is built."""
    asked = ["--list", "--side", "rust", "--no-color"]
    code = run_command_line(["mutate", "--corpus", str(place), *asked])
    said = capsys.readouterr().out
    assert ExitCode.OK == code
    assert "topic/pair rust:main:remove-call:" not in said
    assert "topic/pair rust:main:drop-print:" in said
    assert "  --- src/main.rs" in said


def test_what_is_equivalent_does_not_count() -> None:
    """The score is of those that build and are not shown to be equivalent, explained or not."""
    counts = {
        Fate.KILLED: 6,
        Fate.SURVIVED: 1,
        Fate.UNKNOWN: 1,
        Fate.EXPLAINED: 5,
        Fate.EQUIVALENT: 5,
        Fate.NOT_BUILDABLE: 5,
        Fate.ERRORED: 5,
    }
    score = Score(counts=counts)
    assert (6, 13, 7) == (score.killed, score.tried, score.different)
    assert (5, 2) == (score.explained, score.unexplained)
