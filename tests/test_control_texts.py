"""Controls that no longer fit their programs: told, after what the programs themselves break."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.language.control_texts import EditError, edited, judge_controls
from harness.language.declarations import Control, Edit, Spec
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import default_python
from harness.values.messages import say
from harness.values.program import Side
from harness.values.report import Outcome


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A pair of one's own, with a control on each side."""
    return scaffold(tmp_path / "corpus", "topic", "pair").directory


def _spec(pair: Path) -> Spec:
    (spec,) = load_all(select(find_examples((pair.parent.parent,)), ()))
    return spec


def _change(pair: Path, old: str, new: str) -> None:
    program = pair / "main.py"
    text = program.read_text(encoding="utf-8")
    assert old in text
    program.write_text(text.replace(old, new), encoding="utf-8")


def _control(pair: Path) -> Control:
    """The one that leaves a step out."""
    _, control = (c for c in _spec(pair).controls if c.side is Side.PYTHON)
    return control


def _findings(pair: Path) -> tuple[Outcome, list[str]]:
    spec = _spec(pair)
    options = Options(runs=2, schedules=0, sides=(Side.PYTHON,), jobs=1, state=pair / ".state")
    (verdict,) = verify((spec,), (default_python(),), options, lambda _: None).verdicts
    return verdict.outcome, [finding.property for finding in verdict.findings]


def test_who_breaks_a_program_sees_what_that_breaks(pair: Path) -> None:
    """The spec loads all the same; that its control is out of date is the last thing told."""
    control = _control(pair)
    _change(pair, control.edits[0].text, control.edits[0].other)
    outcome, broken = _findings(pair)
    assert Outcome.FAILED is outcome
    assert set(control.breaks) & set(broken[:-1])  # some take both sides
    assert "controls-apply" == broken[-1]


def test_a_control_that_no_longer_fits_is_a_failure_by_itself(pair: Path) -> None:
    """However well the program does: the proof that its checks can fail is gone."""
    (edit,) = _control(pair).edits
    _change(pair, edit.text, f"{edit.text}:  # {edit.text}")
    assert (Outcome.FAILED, ["controls-apply"]) == _findings(pair)


def test_a_control_that_fits_is_nothing_to_speak_of(pair: Path) -> None:
    """Nor is one of the other side."""
    assert (Outcome.PASSED, []) == _findings(pair)


PROGRAM = "def f():\n    a()\n    b(1)\n\n    c()"


@pytest.mark.parametrize(("edits", "expected"), [
    pytest.param([Edit(text="a()", other="x()")],
                 "def f():\n    x()\n    b(1)\n\n    c()", id="one"),
    pytest.param([Edit(text="a()", other="")], "def f():\n    b(1)\n\n    c()", id="a line"),
    pytest.param([Edit(text="(1)", other="")], "def f():\n    a()\n    b\n\n    c()", id="a part"),
    pytest.param([Edit(text="    a()\n", other="")],
                 "def f():\n    b(1)\n\n    c()", id="a line with its end"),
    pytest.param([Edit(text="c()", other="")], "def f():\n    a()\n    b(1)\n\n", id="the last"),
    pytest.param([Edit(text="a()", other="c()", kind="swap")],
                 "def f():\n    c()\n    b(1)\n\n    a()", id="two that change places"),
    pytest.param([Edit(text="c()", other="a()", kind="swap")],
                 "def f():\n    c()\n    b(1)\n\n    a()", id="the same, the other way round"),
    pytest.param([Edit(text="b(", other="if b:\n    d()", kind="add")],
                 "def f():\n    a()\n    b(1)\n    if b:\n        d()\n\n    c()", id="lines"),
    pytest.param([Edit(text="c()", other="d()", kind="add")],
                 f"{PROGRAM}\n    d()", id="at the end"),
    pytest.param([Edit(text="a()", other="d()"), Edit(text="d()", other="e()", kind="add")],
                 "def f():\n    d()\n    e()\n    b(1)\n\n    c()", id="one after the other"),
])  # fmt: skip
def test_a_variant_changes_the_text(edits: list[Edit], expected: str) -> None:
    """Replaced, swapped, or added behind a line, as far indented as that."""
    assert expected == edited(PROGRAM, edits)


@pytest.mark.parametrize(("edit", "message"), [
    pytest.param(Edit(text="()", other=""),
                 "expected '()' exactly once in the program, found it 3 times", id="often"),
    pytest.param(Edit(text="a()", other="z", kind="swap"),
                 "expected 'z' exactly once in the program, found it 0 times", id="nowhere"),
    pytest.param(Edit(text="a()\n    b", other="b(1)", kind="swap"),
                 "expected two texts apart, found 'a()\\n    b' and 'b(1)' in each other",
                 id="in each other"),
])  # fmt: skip
def test_a_text_that_does_not_fit_is_told(edit: Edit, message: str) -> None:
    """With what was expected, and how often it was found."""
    with pytest.raises(EditError) as caught:
        edited(PROGRAM, [edit])
    assert message == str(caught.value)


@pytest.mark.parametrize(
    ("edits", "unfit"),
    [
        pytest.param(
            (Edit(text="one", other="two"), Edit(text="two", other="three")),
            [],
            id="what an edit brings may be changed by the next",
        ),
        pytest.param(
            (Edit(text="one", other="two"), Edit(text="one", other="three")),
            ["one"],
            id="what an edit takes away is gone for the next",
        ),
    ],
)
def test_edits_are_judged_as_they_are_made(
    pair: Path, edits: tuple[Edit, ...], unfit: list[str]
) -> None:
    """One after the other, as the audit makes them."""
    spec = _spec(pair)
    control = Control(name="c", side=Side.PYTHON, breaks=(), edits=edits)
    spec = replace(spec, controls=(control,), accepted=())
    programs = spec.programs_of(Side.PYTHON)
    found = judge_controls(spec, programs, {"main": "one"}, "3.11")
    assert [say("control.just-once", text=text) for text in unfit] == [
        finding.violation.expected for finding in found
    ]
    if unfit:
        with pytest.raises(EditError):
            edited("one", edits)
    else:
        assert edited("one", edits) == "three"
