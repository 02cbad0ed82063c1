"""An exercise is written once, is broken as it is written, and passes when it has been mended."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.language.control_texts import edited
from harness.language.discovery import find_examples, load_all
from harness.language.exercises import exercises_of
from harness.language.sources import text_of
from harness.proof.mending import write_exercise
from harness.site.mending import faults_of_exercises
from harness.values.errors import ExitCode, SpecError
from harness.values.program import Side

CORPUS = Path(__file__).parents[1] / "examples"
TASK = '[join]\ntask = "Make main wait."\npython = "join with a timeout of zero"\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one pair and one exercise, in Python alone."""
    place = tmp_path / "examples"
    shutil.copytree(CORPUS / "life-cycle" / "join", place / "life-cycle" / "join")
    (place / "mend.toml").write_text(TASK)
    return place


def mend(corpus: Path, *words: str) -> int:
    """What ``harness mend`` comes to, its programs beside the corpus."""
    out = str(corpus.parent / "mend")
    return run_command_line(["mend", *words, "--corpus", str(corpus), "--out", out])


def test_what_is_written_fails_until_it_is_mended(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader's work is left alone, and judged as it stands."""
    program = corpus.parent / "mend" / "life-cycle" / "join" / "main.py"
    assert mend(corpus, "join", "--side", "python") == ExitCode.FAILED
    said = capsys.readouterr().out
    assert "Make main wait." in said
    assert "join-comes-first" in said
    assert "not mended yet" in said
    broken = program.read_text()
    program.write_text(broken.replace("join(timeout=0)", "join()"))
    assert program.read_text() != broken
    assert mend(corpus, "join", "--side", "python") == ExitCode.OK
    assert "mended: every sentence holds" in capsys.readouterr().out


def test_the_exercises_are_listed(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what is to be done, and whether one has begun."""
    assert mend(corpus) == ExitCode.OK
    assert capsys.readouterr().out == "join: Make main wait.\n"
    (corpus.parent / "mend" / "life-cycle" / "join").mkdir(parents=True)
    assert mend(corpus) == ExitCode.OK
    assert capsys.readouterr().out == "join (begun): Make main wait.\n"


def test_an_exercise_that_is_not_there_is_none(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was meant is said."""
    assert mend(corpus, "jion") == ExitCode.NOTHING_SELECTED
    assert 'there is no exercise "jion" (did you mean "join"?)' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("join with a", "joined with a", "expected a control of life-cycle/join in python"),
        ("task", "tusk", 'expected the key "task"'),
        ("python", "pyhton", 'unknown key "pyhton"'),
    ],
)
def test_what_is_wrong_with_the_list_is_said(
    corpus: Path, old: str, new: str, complaint: str
) -> None:
    """With its place."""
    (corpus / "mend.toml").write_text(TASK.replace(old, new))
    with pytest.raises(SpecError, match=re.escape(complaint)):
        exercises_of(load_all(find_examples((corpus,))))


def test_the_corpus_has_exercises_in_both_languages() -> None:
    """Each applies controls that the audit tries, to programs of both sides."""
    exercises = exercises_of(load_all(find_examples((CORPUS,))))
    assert len(exercises) >= 6
    assert all([c.side for c in each.controls] == list(Side) for each in exercises)


def test_an_exercise_is_a_corpus_without_its_solution(tmp_path: Path) -> None:
    """Broken programs, claims, a workspace of its own; no controls and no word on the steps."""
    for each in exercises_of(load_all(find_examples((CORPUS,)))):
        place = write_exercise(each, tmp_path)
        assert not {"breaks.toml", "text.toml", "ko.toml"} & {p.name for p in place.iterdir()}
        assert "[workspace]" in (place / "Cargo.toml").read_text()
        for control in each.controls:
            program = each.spec.program(control.side, control.program)
            assert program is not None
            text = (place / program.path).read_text()
            assert text == edited(text_of(each.spec, program.path), control.edits)
            assert text != text_of(each.spec, program.path)
    assert len(load_all(find_examples((tmp_path,)))) >= 6


def test_every_task_of_the_corpus_is_translated() -> None:
    """And one whose English has changed is named."""
    specs = load_all(find_examples((CORPUS,)))
    assert [] == [str(fault) for fault in faults_of_exercises(specs)]


def test_what_has_not_been_translated_is_named(corpus: Path) -> None:
    """In the file that it is missing from."""
    (fault,) = faults_of_exercises(load_all(find_examples((corpus,))))
    assert (fault.path, fault.kind, fault.role) == (corpus / "mend.ko.toml", "missing", "join")
