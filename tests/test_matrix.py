"""Which toolchains a call gets, and the table of what each example comes to with each of them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.bench.controllable import Controllable
from harness.cli import harness
from harness.commands.doctor import Survey, survey_lines
from harness.language.declarations import Property, Spec
from harness.language.properties.base import Rule
from harness.machine.toolchains import (
    BrokenToolchain,
    FoundToolchains,
    ToolchainRequest,
    caution_of,
    choose_toolchains,
    default_python,
    default_rust,
)
from harness.reports.matrix import Column, columns_in_words, matrix_lines, matrix_of, reason_of
from harness.reports.styled import plain
from harness.values.errors import ToolchainMissing, UsageError
from harness.values.program import Condition, Side
from harness.values.report import Outcome, Report
from tests.reports_of_all_kinds import FULL, PY39, STABLE, verdict

OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
SPEC = Spec(directory=Path("/x"), name="n", topic="t", title="", summary="")


class _Anything(Rule):
    family = "count"

    def sentence(self) -> str:
        return "anything"


def test_a_bare_call_uses_one_toolchain_a_side() -> None:
    """Without a word it is our own interpreter, and the compiler of a reader's cargo."""
    chosen = choose_toolchains(ToolchainRequest(), Side)
    assert (default_python(), default_rust()) == chosen.toolchains
    assert () == chosen.missing


def test_what_is_named_twice_is_used_once() -> None:
    """The same interpreter under two names is one column."""
    request = ToolchainRequest(pythons=(OWN, str(default_python().program)))
    assert [OWN] == [t.label for t in choose_toolchains(request, [Side.PYTHON]).toolchains]


def test_a_side_that_is_not_asked_for_is_not_looked_for() -> None:
    """A missing compiler is nobody's concern where only Python is verified."""
    request = ToolchainRequest(rusts=("0.1",))
    assert [Side.PYTHON] == [t.side for t in choose_toolchains(request, [Side.PYTHON]).toolchains]


def test_all_that_is_missing_is_told_at_once() -> None:
    """Of several toolchains that are not there, on both sides, each has its line."""
    request = ToolchainRequest(pythons=("3.98", OWN, "3.99"), rusts=("0.1",))
    with pytest.raises(ToolchainMissing) as caught:
        choose_toolchains(request, Side)
    lines = str(caught.value).split("\n")
    starts = ["no Python 3.98 on this", "no Python 3.99 on this", "no Rust 0.1 on this"]
    assert starts == [" ".join(line.split(" ")[:5]) for line in lines]


def test_of_all_toolchains_none_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no compiler, all compilers are none: that is told, and no error."""
    monkeypatch.setenv("PATH", "/nowhere")
    chosen = choose_toolchains(ToolchainRequest(every=True), Side)
    assert {Side.PYTHON} == {toolchain.side for toolchain in chosen.toolchains}
    assert "no Rust toolchain on this machine" in chosen.missing


def test_a_missing_toolchain_ends_verify_with_3(tmp_path: Path) -> None:
    """The command line says what is missing and how to get it, and does nothing else."""
    example = tmp_path / "t" / "n"
    example.mkdir(parents=True)
    (example / "example.toml").touch()
    result = CliRunner().invoke(harness, ["verify", "--python", "3.99", str(tmp_path)])
    assert isinstance(result.exception, ToolchainMissing)
    assert 3 == result.exception.exit_code
    assert "`pyenv install 3.99`" in str(result.exception)


def test_a_toolchain_of_a_side_that_is_left_out_is_a_contradiction() -> None:
    """Nothing that was asked for is passed over in silence."""
    result = CliRunner().invoke(harness, ["verify", "--side", "rust", "--python", "3.99"])
    assert isinstance(result.exception, UsageError)
    assert (
        "--python names toolchains of a side that --side rust leaves out: drop one of the two"
    ) == str(result.exception)


# --- the table ----------------------------------------------------------------


def test_a_cell_is_empty_where_nothing_was_verified() -> None:
    """An example that one machine did not verify has no mark there."""
    only = Report(
        verdicts=(
            verdict("a/a", Side.PYTHON, "3.9", Outcome.PASSED),
            verdict("a/b", Side.PYTHON, "3.12", Outcome.FAILED),
        )
    )
    lines = plain(matrix_lines(matrix_of(only))).split("\n")
    assert ["     python", "     3.9  3.12", "a/a    ✓", "a/b          ✗"] == lines[:4]


def test_columns_come_by_side_and_then_as_the_report_has_them() -> None:
    """Interpreters first; the order within a side is the report's."""
    assert ["python 3.9", "python 3.13t", "rust stable"] == [
        str(column) for column in matrix_of(FULL).columns
    ]
    turned = replace(FULL, toolchains=FULL.toolchains[::-1])
    assert ["python 3.13t", "python 3.9", "rust stable"] == [
        str(column) for column in matrix_of(turned).columns
    ]


def test_one_reason_for_several_toolchains_is_told_once() -> None:
    """Cells of an example that are skipped for one reason share a line."""
    skipped = Report(
        verdicts=tuple(
            verdict("a/a", Side.PYTHON, label, Outcome.SKIPPED, reason="no network")
            for label in ("3.9", "3.10")
        )
    )
    reasons = matrix_of(skipped).reasons
    assert ["python 3.9, 3.10"] == [columns_in_words(reason.columns) for reason in reasons]


def test_the_reason_names_every_property_that_broke() -> None:
    """The first with its message, the others by name."""
    finding = FULL.verdicts[2].findings[0]
    broken = replace(
        FULL.verdicts[2], findings=(finding, replace(finding, property="other"), finding)
    )
    expected = "join-comes-first: main was printed before the last worker (and other)"
    assert expected == reason_of(broken)


def test_columns_are_named_by_side() -> None:
    """A side's name is said once for all of its toolchains."""
    columns = [Column(Side.RUST, "stable"), Column(Side.PYTHON, "3.9"), Column(Side.RUST, "1.63")]
    assert "rust stable, 1.63; python 3.9" == columns_in_words(columns)


# --- the doctor ---------------------------------------------------------------


def test_the_doctor_tells_what_is_there_and_what_is_left_out() -> None:
    """Toolchains, what each can do, what is broken, the machine, floors and unmet conditions."""
    gilless = Property(
        name="two-at-once", why="", family="count", rule=_Anything(), when=Condition(gil=False)
    )
    survey = Survey(
        found=FoundToolchains(
            pythons=(PY39,),
            rusts=(STABLE,),
            broken=(BrokenToolchain(Path("/bin/python3"), "it hangs"),),
        ),
        controllable=Controllable(reasons={(Side.RUST, "stable"): "no cc"}),
        linker="/usr/bin/cc",
        sandbox="bubblewrap 0.8.0",
        specs=(
            replace(SPEC, name="new", python_floor="3.13"),
            replace(SPEC, name="free", properties=(gilless,)),
        ),
    )
    expected = """\
Python
  3.9       CPython 3.9.18, with the GIL        plain and controlled schedules  /opt/3.9
Rust
  stable    rustc 1.95.0, cargo 1.95.0          plain runs only: no cc  /opt/stable
cannot be used
  /bin/python3: it hangs
machine
  linker    /usr/bin/cc
  stdout    a pseudo-terminal, as a reader has it
  sandbox   bubblewrap 0.8.0
  cores     2
left out, of 2 examples
  t/new  python 3.9  needs Python 3.13; this is 3.9.18
  t/free: two-at-once  python 3.9  holds without a global interpreter lock; CPython 3.9.18 has one
"""
    assert expected == plain(survey_lines(survey))
    assert survey.is_well


def test_the_doctor_says_what_is_newer_than_any_that_was_tried() -> None:
    """The toolchain is used; what that may mean is said beneath it."""
    newer = replace(PY39, label="9.9", version="9.9.1")
    survey = Survey(found=FoundToolchains(pythons=(PY39, newer)), controllable=Controllable())
    *_, above, beneath = plain(survey_lines(survey)).partition("Rust\n")[0].splitlines()
    assert above.startswith("  9.9 ")
    assert beneath.strip() == caution_of(newer)
    assert beneath.strip().startswith("CPython 9.9.1 is newer than any CPython that was tried (3.1")


def test_the_doctor_keeps_long_names_apart() -> None:
    """A beta's version is longer than the column that it stands in."""
    beta = replace(
        STABLE, label="beta-2026-11-01", version="1.100.0-beta.7", cargo_version="1.100.0-beta.7"
    )
    survey = Survey(found=FoundToolchains(rusts=(beta,)), controllable=Controllable())
    assert (
        "  beta-2026-11-01 rustc 1.100.0-beta.7, cargo 1.100.0-beta.7  plain and controlled"
        in plain(survey_lines(survey))
    )


def test_the_doctor_is_not_content_without_a_compiler_or_a_linker() -> None:
    """Both sides have to work; what is missing is told with how to get it."""
    bare = Survey(found=FoundToolchains(pythons=(PY39,)), controllable=Controllable())
    told = plain(survey_lines(bare))
    assert not bare.is_well
    assert "  none: get one from https://rustup.rs, or with `apt install rustc cargo`\n" in told
    assert "  linker    none: Rust programs cannot be linked; install one (Debian: apt" in told
    assert "  sandbox   none: `--sandbox` wants Linux and bubblewrap" in told
