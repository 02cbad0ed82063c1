"""Mutants of a program that the compiler refuses: told apart by what it says of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.proof.mutants import Fate, MutationReport, TriedMutant, try_mutants
from harness.values.program import Side

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")

REFUSED = """\
fn main() {
    let names = vec![1];
    let taken = names;
    let other = 5;
    println!("{names:?} {other}");
    println!("{}", names.len());
    drop(taken);
}
"""
SPEC = """\
title   = "Moved"
summary = "What was moved is used."

[events]
done = "done"

[programs.mended]
summary = "Nothing is moved."
python  = "mended.py"
rust    = "src/bin/mended.rs"

[always.refused]
why           = "it was moved"
compile-error = { CLAIM, mended = "mended" }

[always.ends]
why   = "nothing else happens"
count = { of = "done", is = 1 }
programs = ["main", "mended"]
"""
FILES = {
    "main.py": 'print("done")\n',
    "mended.py": 'print("done")\n',
    "src/main.rs": REFUSED,
    "src/bin/mended.rs": 'fn main() {\n    println!("done");\n}\n',
    "Cargo.toml": '[package]\nname = "moved"\nversion = "0.1.0"\nedition = "2021"\n',
}
FIRST_PRINT = "drop-print", 5
OTHER_NUMBER = "change-constant", 4
USED_BEFORE_BOUND = "swap-statements", 4


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built is built once."""
    return tmp_path_factory.mktemp("state")


def _report(place: Path, state: Path, claim: str) -> MutationReport:
    directory = place / "topic" / "moved"
    for name, text in {**FILES, "example.toml": SPEC.replace("CLAIM", claim)}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    options = Options(runs=1, schedules=0, jobs=2, sides=(Side.RUST,), state=state)
    return try_mutants([load_spec(directory)], (default_python(), default_rust()), options)


def _of_main(report: MutationReport) -> dict[tuple[str, int], TriedMutant]:
    trials = (trial for trial in report.trials if trial.mutant.program == "main")
    return {(trial.mutant.operator, trial.mutant.line): trial for trial in trials}


def test_what_is_refused_alike_neither_lives_nor_dies(tmp_path: Path, state: Path) -> None:
    """The compiler says the very same, whatever the spec thinks of it: nobody could tell."""
    report = _report(tmp_path, state, 'code = "E0382", at = "{names:?}"')
    trials = _of_main(report)
    assert Fate.REFUSED_ALIKE is trials[OTHER_NUMBER].fate
    counts = report.score.counts
    assert report.score.tried == counts[Fate.KILLED] + counts.get(Fate.SURVIVED, 0)
    assert {} == report.broken


@pytest.mark.parametrize(
    ("claim", "fate"),
    [('code = "E0382", at = "{names:?}"', Fate.KILLED), ('code = "E0382"', Fate.SURVIVED)],
)
def test_what_is_refused_otherwise_is_for_the_spec_to_tell(
    tmp_path: Path, state: Path, claim: str, fate: Fate
) -> None:
    """A spec that does not say where the error is does not notice that it has moved."""
    trial = _of_main(_report(tmp_path, state, claim))[FIRST_PRINT]
    assert (fate, ("refused",) if fate is Fate.KILLED else ()) == (trial.fate, trial.killed_by)
    if fate is Fate.SURVIVED:
        said = "the compiler says otherwise than of the original: E0382: borrow of moved value"
        assert trial.reason.startswith(said)


def test_a_name_that_means_nothing_is_no_kill(tmp_path: Path, state: Path) -> None:
    """The compiler gives up at such a name, before it looks for what the program is about."""
    trial = _of_main(_report(tmp_path, state, 'code = "E0382"'))[USED_BEFORE_BOUND]
    assert Fate.NOT_BUILDABLE is trial.fate
    assert trial.reason.startswith("E0425: ")


def test_a_claim_that_the_original_breaks_kills_nothing(tmp_path: Path, state: Path) -> None:
    """It is told, and no mutant is held guilty of it."""
    report = _report(tmp_path, state, 'code = "E0373"')
    assert {"topic/moved (rust)": ("refused",)} == report.broken
    assert Fate.KILLED not in {trial.fate for trial in _of_main(report).values()}
    assert Fate.SURVIVED is _of_main(report)[FIRST_PRINT].fate


def test_mutants_of_what_should_be_refused_and_is_not_cannot_be_told(
    tmp_path: Path, state: Path
) -> None:
    """There is nothing to hold them against."""
    compiles = {**FILES, "src/main.rs": "fn main() {\n    let _a = 1;\n}\n"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.FILES", compiles)
        report = _report(tmp_path, state, 'code = "E0382"')
    assert {"topic/moved (rust)": ("refused",)} == report.broken
    assert {Fate.ERRORED} == {trial.fate for trial in _of_main(report).values()}
