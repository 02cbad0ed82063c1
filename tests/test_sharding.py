"""A corpus in parts, the parts' reports in one, and the part that a change touches."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from harness.authoring.scaffold import scaffold
from harness.cli import harness
from harness.commands.changes import changed_files, touched
from harness.commands.selecting import ShardSetting, choose_examples
from harness.reports.json_lines import json_lines, read_json_lines
from harness.reports.merging import merge_reports
from harness.reports.sharding import choose_shard, divide, missing_shards, parse_shard
from harness.values.errors import UsageError
from harness.values.program import Side
from harness.values.report import Outcome, PropertyResult, Report, Shard, Verdict
from tests.growth import LINEAR, growth
from tests.reports_of_all_kinds import FULL, PY39, STABLE, toolchain, verdict

names = st.lists(st.text("abc/", min_size=1, max_size=6), unique=True, max_size=40)
counts = st.integers(1, 9)


# --- dividing -------------------------------------------------------------------


@given(names, counts, st.dictionaries(st.text("abc/", min_size=1), st.floats(0.001, 1e3)))
def test_every_example_is_in_exactly_one_shard(
    given_names: list[str], count: int, seconds: dict[str, float]
) -> None:
    """Whatever was measured, the shards together are the whole, and nothing is done twice."""
    parts = divide(given_names, count, seconds)
    assert count == len(parts)
    assert sorted(given_names) == sorted(name for part in parts for name in part)


@given(names, counts)
def test_without_a_record_shards_are_even(given_names: list[str], count: int) -> None:
    """No shard has two examples more than another."""
    sizes = [len(part) for part in divide(given_names, count)]
    assert max(sizes) - min(sizes) <= 1


@given(names, counts, st.randoms())
def test_the_order_of_the_examples_does_not_matter(
    given_names: list[str], count: int, random: Random
) -> None:
    """Each machine divides alike, in whatever order it finds the examples."""
    expected = divide(given_names, count)
    random.shuffle(given_names)
    assert expected == divide(given_names, count)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), counts)
def test_measured_time_is_balanced(times: list[float], count: int) -> None:
    """No shard takes longer than the mean and the longest example together."""
    seconds = {f"n{index}": each for index, each in enumerate(times)}
    loads = [sum(seconds[name] for name in part) for part in divide(seconds, count, seconds)]
    assert max(loads) <= sum(times) / count + max(times) + 1e-9


def test_what_was_never_measured_counts_as_usual() -> None:
    """A new example takes as long as the median one, so that it does not fall to a full shard."""
    parts = divide(["slow", "new", "fast"], 2, {"slow": 9.0, "fast": 1.0, "old": 2.0})
    assert (("slow",), ("fast", "new")) == parts


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3", "1 /2", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    """A part beyond the count, or no fraction at all."""
    with pytest.raises(UsageError) as caught:
        parse_shard(text)
    assert f'expected a shard such as 2/5 (the second of five), found "{text}"' == str(caught.value)


def _directories(count: int) -> list[Path]:
    return [Path(f"/corpus/t{index % 7}/n{index}") for index in range(count)]


def test_shards_of_one_corpus_have_one_cut() -> None:
    """Equal examples, count and toolchains make shards that belong together; others do not."""
    first, second = (choose_shard(_directories(9), Shard(index=i, count=2)) for i in (1, 2))
    assert first[1].cut == second[1].cut
    assert set(_directories(9)) == {*first[0], *second[0]}
    fewer = choose_shard(_directories(8), Shard(index=1, count=2))[1]
    elsewhere = choose_shard(_directories(9), Shard(index=1, count=2), under=("rust 1.63",))[1]
    assert 3 == len({first[1].cut, fewer.cut, elsewhere.cut})


def test_missing_shards_are_told_for_each_cut() -> None:
    """Parts of different wholes do not make one."""
    shards = [Shard(index=1, count=2, cut="a"), Shard(index=2, count=2, cut="b")]
    assert (
        "of the shards of cut a there are 1/2; missing: 2/2",
        "of the shards of cut b there are 2/2; missing: 1/2",
    ) == missing_shards(shards)
    assert () == missing_shards([shards[0], replace(shards[0], index=2)])


# --- merging --------------------------------------------------------------------


def _report(*verdicts: Verdict, **others: object) -> Report:
    return Report(verdicts=verdicts, toolchains=(PY39, STABLE), **others)  # type: ignore[arg-type]


def test_a_report_merged_with_itself_is_itself_but_for_the_time() -> None:
    """The same file twice changes no verdict."""
    once, twice = merge_reports([FULL]), merge_reports([FULL, FULL])
    assert replace(once, seconds=25.0, build_seconds=5.0) == twice
    assert set(FULL.verdicts) == set(once.verdicts)


def test_the_order_of_the_reports_does_not_matter() -> None:
    """Verdicts and toolchains come by their names."""
    parts = [replace(FULL, verdicts=FULL.verdicts[index::3]) for index in range(3)]
    assert merge_reports(parts).verdicts == merge_reports(parts[::-1]).verdicts
    assert merge_reports([FULL]).verdicts == merge_reports(parts).verdicts


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((Outcome.PASSED, Outcome.FAILED), Outcome.FAILED),
        ((Outcome.ERRORED, Outcome.FAILED), Outcome.FAILED),
        ((Outcome.TIMED_OUT, Outcome.PASSED), Outcome.TIMED_OUT),
        ((Outcome.INCONCLUSIVE, Outcome.PASSED), Outcome.PASSED),
        ((Outcome.SKIPPED, Outcome.INCONCLUSIVE), Outcome.INCONCLUSIVE),
    ],
)
def test_of_two_verdicts_on_one_thing_the_weightier_counts(
    outcomes: tuple[Outcome, Outcome], expected: Outcome
) -> None:
    """What is wrong once is wrong; what was seen once was seen; the other is noted."""
    reports = [_report(verdict("a/a", Side.RUST, "stable", outcome)) for outcome in outcomes]
    for pair in (reports, reports[::-1]):
        (merged,) = merge_reports(pair).verdicts
        (other,) = set(outcomes) - {expected}
        assert (expected, (f"{other.value} in another report",)) == (merged.outcome, merged.notes)


def test_toolchains_that_only_share_a_label_are_told_apart() -> None:
    """Another system, or another version of one system, is another column."""
    machines = [
        toolchain(Side.PYTHON, "3.12", "3.12.1"),
        toolchain(Side.PYTHON, "3.12", "3.12.4"),
        toolchain(Side.PYTHON, "3.12", "3.12.1", os="macos"),
        toolchain(Side.PYTHON, "3.9", "3.9.18", os="macos"),
    ]
    reports = [
        Report(verdicts=(verdict("a/a", Side.PYTHON, t.label, Outcome.PASSED),), toolchains=(t,))
        for t in machines
    ]
    merged = merge_reports(reports)
    labels = ["3.12=3.12.1@linux", "3.12=3.12.4@linux", "3.9", "3.12@macos"]
    assert labels == [t.label for t in merged.toolchains]
    assert sorted(labels) == sorted(v.toolchain for v in merged.verdicts)


def test_the_same_toolchain_elsewhere_on_disk_is_the_same() -> None:
    """Where it is installed, and how many cores it had, does not make another column."""
    moved = replace(PY39, program=Path("/home/runner/python"), cores=64)
    reports = [Report(toolchains=(each,)) for each in (PY39, moved)]
    assert (PY39,) == merge_reports(reports).toolchains


# --- the command ----------------------------------------------------------------


def _write(directory: Path, reports: Sequence[Report]) -> list[str]:
    files = [directory / f"{index}.json" for index in range(len(reports))]
    for file, report in zip(files, reports, strict=True):
        file.write_text(json_lines(report), encoding="utf-8")
    return [str(file) for file in files]


def _shards(count: int) -> list[Report]:
    passed = verdict("a/a", Side.RUST, "stable", Outcome.PASSED)
    return [
        _report(replace(passed, example=f"a/{i}"), shards=(Shard(index=i, count=count, cut="c"),))
        for i in range(1, count + 1)
    ]


def test_merge_is_content_with_all_shards(tmp_path: Path) -> None:
    """All parts that are well are a whole that is well."""
    result = CliRunner().invoke(harness, ["merge", *_write(tmp_path, _shards(3))])
    assert result.return_value in (None, 0), result.output
    assert "3 passed" in result.output


def test_merge_fails_where_a_shard_is_missing(tmp_path: Path) -> None:
    """A shard that crashed must not go unnoticed."""
    result = CliRunner().invoke(
        harness, ["merge", *_write(tmp_path, _shards(3)[:2])], standalone_mode=False
    )
    assert 1 == result.return_value
    assert "not whole: of the shards of cut c there are 1/3, 2/3; missing: 3/3\n" in result.output


def test_one_report_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    """Every report tells of the rest, and that it is not the whole."""
    dead = tmp_path / "dead.json"
    dead.touch()
    files = [f"{kind}={tmp_path / kind}" for kind in ("junit", "markdown", "json")]
    arguments = ["merge", *_write(tmp_path, _shards(3)[:2]), str(dead), "--report", "github"]
    arguments += [word for file in files for word in ("--report", file)]
    result = CliRunner().invoke(harness, arguments, standalone_mode=False)
    assert 1 == result.return_value
    gaps = (
        f"{dead}: the report is empty: whoever was to write it was ended first",
        "of the shards of cut c there are 1/3, 2/3; missing: 3/3",
    )
    said = " ".join(result.output.split())  # however its lines are folded
    assert all(f"not whole: {gap} " in f"{said} " for gap in gaps)
    assert 2 == result.output.count("::error title=the report is not whole::")
    assert "## not whole: 2 passed" in (tmp_path / "markdown").read_text(encoding="utf-8")
    suites = ET.parse(tmp_path / "junit").getroot()
    assert ("4", "2") == (suites.get("tests"), suites.get("errors"))
    lines = (tmp_path / "json").read_text(encoding="utf-8").splitlines()
    assert gaps == read_json_lines(lines, "json").gaps


def test_reports_of_which_none_can_be_read_are_a_mistake_of_usage(tmp_path: Path) -> None:
    """Each is told."""
    files = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    result = CliRunner().invoke(harness, ["merge", *files])
    assert isinstance(result.exception, UsageError)
    expected = [f"{file}: cannot be read: no such file or directory" for file in files]
    assert expected == str(result.exception).splitlines()


def test_merged_reports_can_be_merged_again() -> None:
    """Merging by steps comes to the same as merging at once."""
    one, two, three = _shards(3)
    first = merge_reports([one, two], ["gone.json: no more"])
    assert 2 == len(first.gaps)
    assert ("gone.json: no more",) == merge_reports([first, three]).gaps
    by_steps = merge_reports([merge_reports([one, two]), three])
    at_once = merge_reports([one, two, three])
    assert at_once == by_steps
    assert () == missing_shards(by_steps.shards)


def test_merge_writes_every_kind_of_report(tmp_path: Path) -> None:
    """The merged report goes where reports go; what went to stdout leaves stderr to people."""
    target = tmp_path / "made" / "junit.xml"
    result = CliRunner().invoke(
        harness,
        [
            "merge",
            *_write(tmp_path, _shards(2)),
            "--report",
            "json=-",
            "--report",
            f"junit={target}",
        ],
        standalone_mode=False,
    )
    assert read_json_lines(result.stdout.splitlines(), "stdout").shards
    assert "2 passed" in result.stderr
    assert target.read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("html=x", 'expected junit[=FILE], json[=FILE], markdown[=FILE] or github, found "html=x"'),
        ("jsom=x", '(did you mean "json"?)'),
        ("json=", '"json=": expected json=FILE'),
        ("github=x", '"github=x": expected github'),
    ],
)
def test_what_is_no_report_is_a_mistake_of_usage(tmp_path: Path, target: str, message: str) -> None:
    """An unknown format, or one without its file."""
    result = CliRunner().invoke(
        harness, ["merge", *_write(tmp_path, _shards(1)), "--report", target]
    )
    assert 2 == result.exit_code
    assert message in " ".join(result.output.replace("│", " ").split())


def test_two_reports_cannot_share_stdout(tmp_path: Path) -> None:
    """That is told before anything is done."""
    arguments = ["merge", *_write(tmp_path, _shards(1)), "--report", "json", "--report", "markdown"]
    result = CliRunner().invoke(harness, arguments)
    assert "--report: only one of json, markdown can be written to stdout" == str(result.exception)


def test_two_reports_cannot_share_a_file(tmp_path: Path) -> None:
    """One would be lost."""
    files = _write(tmp_path, _shards(1))
    targets = [f"json={tmp_path / 'x'}", f"junit={tmp_path / 'y' / '..' / 'x'}"]
    arguments = ["merge", *files, *(word for t in targets for word in ("--report", t))]
    result = CliRunner().invoke(harness, arguments)
    assert isinstance(result.exception, UsageError)
    expected = f"--report: only one of json, junit can be written to {tmp_path / 'x'}"
    assert expected == str(result.exception)


def test_a_report_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    """A directory in the place of the file is the user's to mend."""
    arguments = ["merge", *_write(tmp_path, _shards(1)), "--report", f"json={tmp_path}"]
    result = CliRunner().invoke(harness, arguments)
    assert isinstance(result.exception, UsageError)
    assert f"--report: {tmp_path}: cannot be written: is a directory" == str(result.exception)


def test_on_github_the_summary_is_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program printed is no command; the annotations are; the summary has the matrix."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    arguments = ["merge", *_write(tmp_path, [FULL]), "--report", "github"]
    lines = CliRunner().invoke(harness, arguments, standalone_mode=False).stdout.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert 32 == len(token)
    assert f"::{token}::" in lines
    assert all(line.startswith("::") for line in lines[lines.index(f"::{token}::") :])
    assert summary.read_text(encoding="utf-8").startswith(
        "before\n## not whole: 1 passed, 1 failed"
    )


# --- what a change touches --------------------------------------------------------


def _git(place: Path, *arguments: str) -> None:
    quiet = {"GIT_CONFIG_GLOBAL": "/dev/null", "PATH": "/usr/bin:/bin", "HOME": str(place)}
    names = ["-c", "user.name=n", "-c", "user.email=e"]
    subprocess.run(
        ["git", *names, *arguments], cwd=place, env=quiet, check=True, capture_output=True
    )


def _commit_all(place: Path) -> None:
    _git(place, "init", "-q", "-b", "main")
    _git(place, "add", ".")
    _git(place, "commit", "-q", "-m", "all")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a corpus of two topics and three examples."""
    for name in ("one/a", "one/b", "two/c"):
        directory = tmp_path / "examples" / name
        directory.mkdir(parents=True)
        (directory / "example.toml").write_text("title = 1\n", encoding="utf-8")
    (tmp_path / "README").touch()
    (tmp_path / "examples" / "Cargo.lock").touch()
    _commit_all(tmp_path)
    return tmp_path


def _touched(repository: Path, reference: str = "HEAD") -> list[str]:
    corpus = repository / "examples"
    directories = [corpus / name for name in ("one/a", "one/b", "two/c")]
    found = touched(directories, changed_files(reference, corpus), [corpus])
    return [directory.name for directory in found]


def test_nothing_changed_touches_nothing(repository: Path) -> None:
    """A clean work tree has no changed example."""
    assert [] == _touched(repository)


def test_edited_new_and_removed_files_touch_their_example(repository: Path) -> None:
    """Also those that git does not know yet, whatever they are called."""
    corpus = repository / "examples"
    (corpus / "one/a/example.toml").write_text("title = 2\n", encoding="utf-8")
    (corpus / "two/c/src").mkdir()
    (corpus / "two/c/src/strange\nnäme.rs").touch()
    assert ["a", "c"] == _touched(repository)
    (corpus / "one/b/example.toml").unlink()
    assert ["a", "b", "c"] == _touched(repository)


def test_a_file_that_examples_share_touches_all_of_them(repository: Path) -> None:
    """The lock file is everybody's, a topic's file the topic's, and a README outside nobody's."""
    (repository / "README").write_text("x", encoding="utf-8")
    assert [] == _touched(repository)
    (repository / "examples/one/shared.txt").touch()
    assert ["a", "b"] == _touched(repository)
    (repository / "examples/Cargo.lock").write_text("x", encoding="utf-8")
    assert ["a", "b", "c"] == _touched(repository)


def test_each_corpus_is_asked_of_its_own_repository(tmp_path: Path) -> None:
    """A change in the second of two repositories is seen as one in the first is."""
    corpora = []
    for name in ("first", "second"):
        example = scaffold(tmp_path / name / "examples", "topic", name)
        _commit_all(tmp_path / name)
        corpora.append(str(tmp_path / name / "examples"))
    (example.directory / "new.txt").touch()
    under = ShardSetting(tuple)
    chosen = choose_examples(corpora, None, changed="HEAD", shard=None, under=under)
    assert ["topic/second"] == [spec.id for spec in chosen.specs]


def test_a_change_is_told_against_any_reference(repository: Path) -> None:
    """Against the commit before, what was committed since counts."""
    (repository / "examples/one/a/example.toml").write_text("title = 2\n", encoding="utf-8")
    _git(repository, "commit", "-q", "-a", "-m", "more")
    assert [] == _touched(repository)
    assert ["a"] == _touched(repository, "HEAD~1")
    assert ["a"] == _touched(repository, "HEAD~1...HEAD")


@pytest.mark.parametrize("reference", ["nowhere", "--output=x"])
def test_an_unknown_reference_is_a_mistake_of_usage(repository: Path, reference: str) -> None:
    """What git does not know is told, and an option is no reference."""
    with pytest.raises(UsageError, match=r"^--changed: "):
        _touched(repository, reference)
    assert not (repository / "x").exists()


def test_without_a_repository_nothing_can_be_told(tmp_path: Path) -> None:
    """That is a mistake of usage too."""
    with pytest.raises(UsageError, match=r"^--changed: git rev-parse: "):
        changed_files("HEAD", tmp_path)


# --- large corpora ----------------------------------------------------------------


def large_reports(examples: int) -> Iterator[Report]:
    """Reports of five shards of a corpus of so many examples."""
    results = tuple(
        PropertyResult(name=f"property-{i}", family="count", status="held", runs=20)
        for i in range(6)
    )
    directories = [Path(f"/corpus/t{i % 40}/n{i}") for i in range(examples)]
    for index in range(1, 6):
        part, shard = choose_shard(directories, Shard(index=index, count=5))
        yield _report(
            *(
                verdict(
                    f"{each.parent.name}/{each.name}", side, label, Outcome.PASSED,
                    properties=results, runs=60,
                )
                for each in part
                for side, label in ((Side.PYTHON, "3.9"), (Side.RUST, "stable"))
            ),
            shards=(shard,),
        )  # fmt: skip


def test_dividing_and_merging_take_time_linear_in_the_corpus() -> None:
    """Two thousand examples are divided, written, read and merged as quickly, each, as 250."""

    def divide_and_merge(examples: int) -> None:
        texts = [json_lines(report) for report in large_reports(examples)]
        merged = merge_reports([read_json_lines(text.splitlines(), "shard") for text in texts])
        assert 2 * examples == len(merged.verdicts)
        assert () == missing_shards(merged.shards)

    assert growth(divide_and_merge, 250) < LINEAR


def test_a_report_of_a_shard_is_one_object_a_line() -> None:
    """As many lines as there are things to tell, however large the corpus."""
    report = next(large_reports(50))
    kinds = [json.loads(line)["kind"] for line in json_lines(report).splitlines()]
    assert ["report", *["toolchain"] * 2, *["verdict"] * 20, "end"] == kinds


# --- shards of a corpus, by the command line -----------------------------------------


def _corpus(place: Path, count: int) -> Path:
    """Examples of which only the Python side is ever run."""
    for index in range(count):
        directory = place / "corpus" / "t" / f"n{index}"
        (directory / "src").mkdir(parents=True)
        (directory / "main.py").write_text("print('x')\n", encoding="utf-8")
        (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
        (directory / "example.toml").write_text(_SPEC, encoding="utf-8")
    return place / "corpus"


_SPEC = """\
title = "One line"
summary = "A line."

[events]
x = "x"

[always.one-line]
why = "it is printed once"
count = { of = "x", is = 1 }
audit = "there is nothing to break"
"""


def _verify(place: Path, *arguments: str) -> Report:
    corpus = place / "corpus"
    fixed = ["--side", "python", "--runs", "1", "--schedules", "0", "--state-dir", str(place / "s")]
    target = place / "report.json"
    result = CliRunner().invoke(
        harness,
        ["verify", "--corpus", str(corpus), *fixed, "--report", f"json={target}", *arguments],
        standalone_mode=False,
        catch_exceptions=False,
    )
    assert 0 == result.return_value, result.output
    return read_json_lines(target.read_text(encoding="utf-8").splitlines(), "report")


def test_shards_are_cut_by_the_times_of_an_earlier_report(tmp_path: Path) -> None:
    """The example that took longest is alone in its shard; an empty shard is no failure."""
    _corpus(tmp_path, 3)
    slow = {"t/n1": 9.0, "t/n0": 1.0, "t/n2": 1.0}
    earlier = tmp_path / "earlier.json"
    earlier.write_text(
        json_lines(
            Report(
                verdicts=tuple(
                    verdict(name, Side.PYTHON, "3.9", Outcome.PASSED, seconds=seconds)
                    for name, seconds in slow.items()
                )
            )
        ),
        encoding="utf-8",
    )
    shards = [_verify(tmp_path, "--shard", f"{i}/2", "--times", str(earlier)) for i in (1, 2)]
    assert [["t/n1"], ["t/n0", "t/n2"]] == [[v.example for v in s.verdicts] for s in shards]
    assert 0 == len(_verify(tmp_path, "--shard", "4/4").verdicts)


def test_times_without_shards_are_a_mistake_of_usage(tmp_path: Path) -> None:
    """They would say nothing."""
    _corpus(tmp_path, 1)
    with pytest.raises(UsageError) as caught:
        _verify(tmp_path, "--times", "x.json")
    assert "--times says how shards are cut: expected --shard with it" == str(caught.value)
