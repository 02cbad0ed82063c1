"""What most would guess wrong: read, refused where nothing checks it, shown beside what does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.cli import run_command_line
from harness.language.declarations import Guess
from harness.language.spec import load_spec
from tests.spec.examples import SPEC, refusal, write_example

if TYPE_CHECKING:
    from pathlib import Path

GUESS = """
[guess.who-is-first]
guess = "main is first"
truth = "the worker is first"
by    = "worker-comes-first"
"""


def test_a_guess_names_what_checks_its_truth(tmp_path: Path) -> None:
    """One property may stand without a list around it."""
    spec = load_spec(write_example(tmp_path, SPEC + GUESS))
    assert spec.guesses == (
        Guess(
            name="who-is-first",
            guess="main is first",
            truth="the worker is first",
            by=("worker-comes-first",),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            '"worker-comes-first"',
            '"worker-comes-frist"',
            'expected a property of this spec, found "worker-comes-frist" '
            '(did you mean "worker-comes-first"?)',
            id="a property that is not there",
        ),
        pytest.param(
            '"worker-comes-first"',
            "[]",
            "expected the properties that check the truth, found none",
            id="nothing that checks it",
        ),
        pytest.param(
            "truth = ",
            "thruth = ",
            'expected the key "truth", which is missing (did you mean "thruth"?)',
            id="no truth",
        ),
        pytest.param(
            "guess.who-is-first",
            "guess.Who",
            'expected a name such as "who-is-first", found "Who"',
            id="a name in capitals",
        ),
    ],
)
def test_what_is_wrong_with_a_guess_is_said(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """By its place."""
    told = refusal(tmp_path, text=SPEC + GUESS.replace(old, new))
    assert "guess." in told
    assert message in told


def test_a_guess_is_shown_with_its_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before what is true, in the order in which one reads it."""
    write_example(tmp_path, SPEC + GUESS)
    assert run_command_line(["show", "name", "--corpus", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    told = ("Guess and truth", "main is first", "the worker is first", "What is true")
    places = [printed.index(text) for text in told]
    assert places == sorted(places)
