"""``harness new``: a pair that verifies, put into a workspace without disturbing it."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.authoring.scaffold.workspace import with_member
from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.cli import run_command_line
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python, default_rust
from harness.proof.mutants import Fate, try_mutants
from harness.values.errors import ExitCode, UsageError
from harness.values.program import Side
from harness.values.report import Outcome

WORKSPACE = Path("Cargo.toml")

LISTED = """\
# kept as it is
[workspace]
members = ["b/*"]
default-members = [
    "b/one", # the first
    "b/two",
]
"""


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_variants_are_written_for_those_who_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else nobody has to change them with each property, or is sent to the audit."""
    assert ExitCode.OK == run_command_line(["new", "t/my-pair", "--corpus", str(tmp_path)])
    assert not (tmp_path / "t" / "my-pair" / "breaks.toml").exists()
    assert "audit" not in capsys.readouterr().out


def test_a_new_pair_verifies(tmp_path: Path) -> None:
    """What was written holds of both sides, and is a spec with a control on each side."""
    made = scaffold(tmp_path, "first-steps", "my-pair")
    spec = load_spec(made.directory)
    options = Options(runs=3, schedules=0, jobs=2, state=tmp_path / "state")
    report = verify([spec], (default_python(), default_rust()), options, lambda _: None)
    assert [Outcome.PASSED] * 2 == [verdict.outcome for verdict in report.verdicts]
    assert set(Side) == {control.side for control in spec.controls}
    broken = {name for control in spec.controls for name in control.breaks}
    assert {prop.name for prop in spec.properties} == broken


def test_the_command_says_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command names what it made, and a command that works for it."""
    words = ["new", "my-pair", "--topic", "t", "--corpus", str(tmp_path)]
    code = run_command_line([*words, "--breaks"])
    said = " ".join(capsys.readouterr().out.split())  # however its lines are folded
    assert ExitCode.OK == code
    assert (
        f"made {tmp_path}/t/my-pair: example.toml, breaks.toml, main.py, Cargo.toml, src/main.rs"
        in said
    )
    assert f"harness verify {tmp_path}/t/my-pair" in said


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_no_mutant_of_a_new_pair_lives(tmp_path: Path) -> None:
    """What everybody starts from has no holes."""
    spec = load_spec(scaffold(tmp_path, "topic", "pair").directory)
    options = Options(runs=2, schedules=40, jobs=2, state=tmp_path / "state")
    report = try_mutants([spec], (default_python(), default_rust()), options)
    assert {Fate.KILLED, Fate.NOT_BUILDABLE} == {trial.fate for trial in report.trials}


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["my-pair"], "drafts/my-pair"),
        (["t/my-pair"], "t/my-pair"),
        (["t/my-pair", "--topic", "t"], "t/my-pair"),
    ],
)
def test_the_topic_may_stand_before_the_name_or_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], place: str
) -> None:
    """Where the pair has gone is said."""
    assert ExitCode.OK == run_command_line(["new", *words, "--corpus", str(tmp_path)])
    assert f"made {tmp_path}/{place}: " in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a/pair", "--topic", "b"], "expected one topic, found two; leave one of them out"),
        (["a/b/pair"], '"a/b" is no topic; expected small letters'),
        (["/pair"], '"" is no topic; expected small letters'),
    ],
)
def test_a_topic_that_is_none_or_two_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """Nothing is written then."""
    assert ExitCode.USAGE == run_command_line(["new", *words, "--corpus", str(tmp_path)])
    assert said in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "My-Pair", "a_b", "-a", "a-", "a--b", "1st", "é", "a" * 65])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """A name is made of small letters, digits and single hyphens."""
    with pytest.raises(UsageError, match="is no name; expected small letters"):
        scaffold(tmp_path, "topic", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["match", "test", "core", "deps", "nul"])
def test_a_name_that_cargo_has_is_refused(tmp_path: Path, name: str) -> None:
    """A crate cannot have the name of a word of Rust, or of something of cargo's own."""
    with pytest.raises(UsageError, match=f'"{name}" cannot be a name'):
        scaffold(tmp_path, "topic", name)


def test_a_bad_topic_is_refused(tmp_path: Path) -> None:
    """A topic is a directory of the corpus, and nothing outside of it."""
    with pytest.raises(UsageError, match=r'"\.\." is no topic'):
        scaffold(tmp_path, "..", "pair")


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    """Names are unique in the corpus, whatever the topic."""
    first = scaffold(tmp_path, "one", "pair")
    with pytest.raises(UsageError) as caught:
        scaffold(tmp_path, "two", "pair")
    assert f'there is an example "pair" already: {first.directory}' == str(caught.value)
    assert not (tmp_path / "two").exists()


def test_a_directory_that_is_there_is_refused(tmp_path: Path) -> None:
    """Nothing that somebody has begun is written over."""
    (tmp_path / "t" / "pair").mkdir(parents=True)
    with pytest.raises(UsageError, match="is there already; name another"):
        scaffold(tmp_path, "t", "pair")


def test_a_default_member_goes_to_its_place() -> None:
    """One line is added where it sorts, and everything else stays."""
    text = with_member(LISTED, WORKSPACE, "b", "three")
    lines = LISTED.split("\n")
    lines.insert(5, '    "b/three",')
    assert "\n".join(lines) == text


def test_a_new_topic_becomes_a_member() -> None:
    """A topic that no member covers is added in the way that the list is written."""
    workspace = tomllib.loads(with_member(LISTED, WORKSPACE, "a", "x"))["workspace"]
    assert ["a/*", "b/*"] == workspace["members"]
    assert ["a/x", "b/one", "b/two"] == workspace["default-members"]


def test_a_last_line_without_a_comma_gets_one() -> None:
    """An item after the last one leaves a list that can be read."""
    text = '[workspace]\nmembers = [\n    "a/*"\n]\n'
    workspace = tomllib.loads(with_member(text, WORKSPACE, "b", "x"))["workspace"]
    assert ["a/*", "b/*"] == workspace["members"]


def test_a_comment_after_the_last_item_stays() -> None:
    """An item after one with a comment leaves both readable."""
    text = '[workspace]\nmembers = [\n    "a/*" # the first\n]\n'
    workspace = tomllib.loads(with_member(text, WORKSPACE, "b", "x"))["workspace"]
    assert ["a/*", "b/*"] == workspace["members"]


def test_members_that_cover_all_stay() -> None:
    """Where ``*/*`` is a member and there are no default members, nothing is to be done."""
    text = '[workspace]\nmembers = ["*/*"]\n'
    assert text == with_member(text, WORKSPACE, "a", "x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[package]\n", "Cargo.toml: expected a \\[workspace\\], found none"),
        ("[workspace\n", "Cargo.toml: no valid TOML"),
        (
            'workspace = { members = ["a/*"] }\n',
            'Cargo.toml: cannot add to members; add "b/\\*" there by hand',
        ),
    ],
)
def test_a_workspace_that_cannot_be_added_to_is_refused(text: str, message: str) -> None:
    """The complaint says what to do by hand."""
    with pytest.raises(UsageError, match=message):
        with_member(text, WORKSPACE, "b", "x")
