"""A corpus that comes after another one: found with it, read and verified after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.commands import verify as verifying
from harness.language.declarations import Spec
from harness.language.home import Home, default_corpora, find_home
from harness.values.errors import ExitCode, SpecError
from harness.values.program import Side
from harness.values.report import Outcome, Report, Verdict
from tests.small import PYTHON, SPEC

QUICK = ("--runs", "1", "--schedules", "0", "--no-color")


def _corpus(place: Path, text: str, *names: str) -> None:
    for name in names:
        (place / name).mkdir(parents=True)
        (place / name / "main.py").write_text(PYTHON)
        (place / name / "example.toml").write_text(SPEC)
    (place / "corpus.toml").write_text(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two corpora, the second of which comes first in the alphabet."""
    (tmp_path / ".git").mkdir()
    order = '[topics.t]\nexamples = ["two", "one"]\n'
    _corpus(tmp_path / "examples", order, "t/one", "t/two")
    _corpus(
        tmp_path / "deeper", 'after = "../examples"\n[topics.a]\nexamples = ["zero"]\n', "a/zero"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert ExitCode.OK == run_command_line(["list", *words])
    lines = capsys.readouterr().out.splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ")]


def test_whoever_names_no_corpus_means_both(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In their order, from all over the first; whoever names one means that."""
    assert ["two", "one", "zero"] == _listed(capsys)
    assert ["zero"] == _listed(capsys, "zero")
    assert ["two", "one"] == _listed(capsys, "examples")
    for place in ("examples", "examples/t/one"):
        monkeypatch.chdir(project / place)
        assert ["two", "one", "zero"] == _listed(capsys)
    monkeypatch.chdir(project / "deeper" / "a")
    assert ["zero"] == _listed(capsys)


def test_what_is_kept_of_both_lies_in_one_place(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example has one record, wherever it was called from."""
    monkeypatch.chdir(project / "deeper")
    assert Home(Path(), Path("..")) == find_home()


def test_a_corpus_that_continues_none_is_refused(project: Path) -> None:
    """Else a slip of the pen would take it out of all that is verified."""
    (project / "deeper" / "corpus.toml").write_text('after = "../exmaples"\n')
    with pytest.raises(SpecError, match=r'corpus\.toml:1: after: expected .* "\.\./exmaples"'):
        default_corpora()


def test_a_corpus_beside_that_says_nothing_is_left_alone(project: Path) -> None:
    """Another one in the same repository is meant where it is named."""
    (project / "deeper" / "corpus.toml").write_text("")
    assert (Path("examples"),) == default_corpora()


@dataclass
class _Verify:
    """Stands for ``verify``: which examples it was given, call by call; all have one outcome."""

    outcome: Outcome
    calls: list[list[str]]

    def __call__(self, specs: Sequence[Spec], *_: object) -> Report:
        """The verdicts."""
        self.calls.append([spec.name for spec in specs])
        return Report(
            verdicts=tuple(
                Verdict(example=spec.id, side=Side.PYTHON, toolchain="3.11", outcome=self.outcome)
                for spec in specs
            ),
            notes=("a note",),
            seconds=1.0,
        )


@pytest.mark.parametrize(
    ("outcome", "options", "calls"),
    [
        (Outcome.PASSED, (), [["two", "one"], ["zero"]]),
        (Outcome.FAILED, (), [["two", "one"], ["zero"]]),
        (Outcome.FAILED, ("--fail-fast",), [["two", "one"]]),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_later_corpus_is_built_when_an_earlier_one_has_been_judged(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outcome: Outcome,
    options: tuple[str, ...],
    calls: list[list[str]],
) -> None:
    """So that what it needs delays no verdict; the report is one, and says each thing once."""
    verify = _Verify(outcome, [])
    monkeypatch.setattr(verifying, "verify", verify)
    run_command_line(["verify", *QUICK, *options])
    assert calls == verify.calls
    printed = capsys.readouterr().out
    assert 1 == printed.count("a note")
    assert f"{sum(map(len, calls))} {outcome.value.lower()}" in printed


@pytest.mark.usefixtures("project")
def test_both_are_verified(capsys: pytest.CaptureFixture[str]) -> None:
    """By one call, with one summary."""
    assert ExitCode.OK == run_command_line(["verify", *QUICK])
    assert "3 passed" in capsys.readouterr().out
