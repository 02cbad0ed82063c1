"""Examples as items of pytest: the same verdicts as the command line's, told in our words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from harness.authoring.scaffold import scaffold
from harness.cli import harness
from harness.reports.json_lines import read_json_lines
from harness.reports.merging import merge_reports
from harness.reports.sharding import missing_shards
from harness.values.program import Side
from harness.values.report import Report
from tests.programs import write_program

pytest_plugins = ["pytester"]

FIXTURES = Path(__file__).parent / "fixtures" / "failing"
STATE = Path(__file__).parents[1] / ".harness" / "fixtures"
NAMES = (
    "builds/does-not-compile",
    "claims/below-the-floor",
    "claims/condition-unmet",
    "claims/never-seen",
    "claims/sides-disagree",
    "endings/wrong-exit-code",
    "lines/wrong-order",
)
FEW = ("--runs", "2", "--schedules", "0", "--no-color", "--state-dir", str(STATE))
FEW_ITEMS = ("--harness-runs=2", "--harness-schedules=0", f"--harness-state-dir={STATE}")

TOOL_HOMES = {
    f"{tool.upper()}_HOME": os.environ.get(f"{tool.upper()}_HOME") or str(Path.home() / f".{tool}")
    for tool in ("cargo", "rustup")
}

Outcomes = Mapping[tuple[str, str], str]


@pytest.fixture(autouse=True)
def _elsewhere(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inner pytest has a root of its own; pytester moves HOME, where rustup looks."""
    for name, place in TOOL_HOMES.items():
        monkeypatch.setenv(name, place)
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:randomly")


def _run(pytester: pytest.Pytester, *arguments: str, names: tuple[str, ...]) -> pytest.RunResult:
    paths = [str(FIXTURES / name) for name in names]
    place = ("-c", "tox.ini", f"--rootdir={FIXTURES}", "-o", f"cache_dir={pytester.path}/cache")
    return pytester.runpytest_subprocess(*place, *FEW_ITEMS, *arguments, *paths)


def _outcomes_of(junit: Path) -> Outcomes:
    """What each item came to, by example and item."""
    found = {}
    for case in ET.parse(junit).getroot().iter("testcase"):
        properties = {p.get("name"): p.get("value") for p in case.iter("property")}
        found[str(properties["example"]), str(case.get("name"))] = str(properties["outcome"])
    return found


def _verify(target: Path, *arguments: str) -> Report:
    CliRunner().invoke(
        harness,
        [
            "verify",
            *NAMES,
            "--corpus",
            str(FIXTURES),
            *FEW,
            *arguments,
            "--report",
            f"json={target}",
        ],
        standalone_mode=False,
        catch_exceptions=False,
    )
    return read_json_lines(target.read_text(encoding="utf-8").splitlines(), str(target))


def _as_outcomes(report: Report) -> Outcomes:
    return {(v.example, f"{v.side.value}-{v.toolchain}"): v.outcome.value for v in report.verdicts}


def test_plugin_command_line_and_merged_shards_come_to_the_same(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    """One corpus, verified in three ways, has the same verdicts on every side."""
    _run(pytester, "--junitxml=j.xml", "-p", "no:xdist", names=NAMES)
    at_once = _verify(tmp_path / "all.json")
    shards = [_verify(tmp_path / f"{i}.json", "--shard", f"{i}/5") for i in range(1, 6)]
    merged = merge_reports(shards)
    assert 2 * len(NAMES) == len(at_once.verdicts)
    assert () == missing_shards(merged.shards)
    assert _as_outcomes(at_once) == _as_outcomes(merged)
    assert _as_outcomes(at_once) == _outcomes_of(pytester.path / "j.xml")


def test_outcomes_are_those_of_pytest(pytester: pytest.Pytester) -> None:
    """What is wrong fails, what is skipped or not seen is skipped with its reason."""
    names = ("claims/below-the-floor", "claims/never-seen", "lines/wrong-order")
    result = _run(pytester, "-rs", "-k", "python", "-p", "no:xdist", names=names)
    result.assert_outcomes(skipped=2, failed=1, deselected=3)
    result.stdout.fnmatch_lines(
        [
            "harness: 3 sides of 3 examples, with CPython *",
            "SKIPPED*: claims/below-the-floor · python *: needs Python *; this is *",
            "SKIPPED*: claims/never-seen · python *: inconclusive: *",
        ]
    )


def test_a_failure_is_told_in_our_words_only(pytester: pytest.Pytester) -> None:
    """The explanation is that of the command line; no traceback, no line of the harness."""
    result = _run(pytester, "-k", "python", "-p", "no:xdist", names=("lines/wrong-order",))
    text = result.stdout.str()
    result.stdout.fnmatch_lines(
        ["*_ lines/wrong-order · python * _*", "FAILED lines/wrong-order · python · *"]
    )
    assert "again:  harness run" in text
    assert "Traceback" not in text
    assert "pytest_items" not in text


def test_the_first_failure_can_stop_and_the_last_failed_run_again(
    pytester: pytest.Pytester,
) -> None:
    """-x stops, --lf takes up only what failed."""
    names = ("claims/condition-unmet", "lines/wrong-order", "endings/wrong-exit-code")
    first = _run(pytester, "-x", "-k", "python", "-p", "no:xdist", names=names)
    first.assert_outcomes(passed=1, failed=1, deselected=3)
    again = _run(pytester, "--lf", "-p", "no:xdist", names=names)
    again.assert_outcomes(failed=1)


def test_xdist_keeps_the_sides_of_an_example_together(pytester: pytest.Pytester) -> None:
    """Several workers come to the same verdicts, also where both sides have to agree."""
    names = ("claims/condition-unmet", "claims/sides-disagree")
    result = _run(pytester, "-n", "2", "--dist", "loadgroup", names=names)
    result.assert_outcomes(passed=2, failed=2)


def test_a_spec_fault_is_one_message(pytester: pytest.Pytester) -> None:
    """A spec that cannot be taken is an item that fails, and keeps no other from being judged."""
    place = scaffold(pytester.path / "corpus", "t", "sound", (Side.PYTHON,)).directory
    broken = place.parent / "broken"
    broken.mkdir()
    broken.joinpath("main.py").touch()
    broken.joinpath("example.toml").write_text("title = 3\n", encoding="utf-8")
    result = pytester.runpytest_subprocess(*FEW_ITEMS, "-p", "no:xdist", "corpus")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*example.toml:1: title: expected a text, found the number 3"])
    assert "Traceback" not in result.stdout.str()


def test_a_missing_toolchain_is_one_message(pytester: pytest.Pytester) -> None:
    """What was asked for and is not there is told where the first example is collected."""
    result = _run(pytester, "--harness-python=3.99", "-p", "no:xdist", names=NAMES)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["no Python 3.99 on this machine*"])


def test_a_toolchain_that_cannot_be_used_is_told_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all toolchains none is missing, but what is broken is no secret."""
    broken = write_program(pytester.path / "bin" / "python3.14", "echo Welcome!")
    monkeypatch.setenv("PATH", str(broken.parent), prepend=os.pathsep)
    names = ("claims/condition-unmet", "claims/below-the-floor")
    wanted = ("--harness-all-toolchains", "--harness-rust=stable", "--collect-only")
    result = _run(pytester, *wanted, "-p", "no:xdist", names=names)
    assert 1 == result.stdout.str().count(f"not used: {broken}: it does not answer as Python")


def test_two_examples_of_one_name_are_refused(pytester: pytest.Pytester) -> None:
    """As on the command line: a verdict must not be taken for that of the other one."""
    first, second = (scaffold(pytester.path / corpus, "t", "a").directory for corpus in "xy")
    result = pytester.runpytest_subprocess(*FEW_ITEMS, "-p", "no:xdist", str(first), str(second))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f'{second}: a second example named "a"; the first is {first}'])


@pytest.mark.parametrize("option", ["runs=0", "runs=-3", "runs=x", "schedules=-1"])
def test_numbers_of_runs_are_those_that_the_command_line_takes(
    pytester: pytest.Pytester, option: str
) -> None:
    """What makes no sense is a mistake of usage, and not another number."""
    result = pytester.runpytest_subprocess(f"--harness-{option}", "-p", "no:xdist")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"*--harness-{option[:4]}*: expected a whole number from *"])


def test_other_files_of_that_name_are_left_alone(pytester: pytest.Pytester) -> None:
    """A repository that has nothing to do with us may have an example.toml."""
    pytester.path.joinpath("example.toml").write_text("[tool]\n", encoding="utf-8")
    pytester.makepyfile("def test_it(): pass")
    result = pytester.runpytest_subprocess("-p", "no:xdist")
    result.assert_outcomes(passed=1)
