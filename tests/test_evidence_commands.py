"""harness evidence and harness rejudge: what they print, and how they end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli import run_command_line
from harness.judging.claims import Claims, make_claims
from harness.judging.freedom import AllowedCount
from harness.judging.judge import judge_run
from harness.language.spec import load_spec
from harness.record import KeptRun, RunRecord, Store, record_of, subject_of
from harness.record.lines import detail_lines, histogram_lines, percent, table_lines
from harness.record.reading import Evidence, Summary
from harness.record.records import MAX_RECORDING_BYTES
from harness.record.traces import KeptTrace, gallery_of, kept_traces
from harness.reports.styled import plain
from harness.values.program import Side
from harness.values.run import Exited, Run
from harness.values.toolchain import Toolchain
from tests.test_evidence import NOON, SUBJECT

TOOLCHAIN = Toolchain(
    side=Side.PYTHON, label="3.11", version="3.11.7", program=Path("python3.11"),
    implementation="CPython", has_gil=True, cores=2,
)  # fmt: skip

SPEC = """
title   = "Two rows"
summary = "Two rows of lines."

[events]
left  = "left {i:d}"
right = "right {i:d}"

[always.left-in-turn]
why    = "one thread prints them"
values = { of = "left.i", are = "0..2" }

[always.right-in-turn]
why    = "one thread prints them"
values = { of = "right.i", are = "0..2" }
"""
ORDER = """
[always.left-first]
why   = "the right waits for the left"
order = { chain = ["left", "right"] }
"""
SIDE_BY_SIDE = ("left 0", "right 0", "left 1", "right 1")
ONE_BY_ONE = ("left 0", "left 1", "right 0", "right 1")
BROKEN = ("left 1", "left 0", "right 0", "right 1")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one example; nothing in it is ever run."""
    example = tmp_path / "examples/basics/two-rows"
    shutil.copytree(Path(__file__).parent / "fixtures/passing/basics/three-steps", example)
    manifest = example / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("three-steps", "two-rows"))
    (example / "example.toml").write_text(SPEC)
    return tmp_path / "examples"


def claims_of(corpus: Path) -> Claims:
    """What is claimed of the Python program, as it is now."""
    spec = load_spec(corpus / "basics/two-rows")
    program = spec.program(Side.PYTHON, "main")
    assert program is not None
    source = (spec.directory / program.path).read_text()
    return make_claims(spec, program, unmet=lambda _: "", source=source)


def made(lines: tuple[str, ...], schedule: str = "random:1") -> Run:
    """A run that printed these lines."""
    return Run(
        side=Side.PYTHON, program="main", toolchain="3.11", schedule=schedule, index=0,
        ending=Exited(0), stdout="".join(f"{line}\n" for line in lines).encode(),
        wall_seconds=0.02,
    )  # fmt: skip


def record_runs(corpus: Path, state: Path, *traces: tuple[str, ...]) -> None:
    """Judge and record runs that printed these lines, as the runner does."""
    claims = claims_of(corpus)
    subject = subject_of(claims, TOOLCHAIN)
    with Store(state) as store:
        for number, lines in enumerate(traces):
            run = made(lines, f"random:{number}")
            store.record(record_of(subject, claims, TOOLCHAIN, run, judge_run(claims, run)))


def call(corpus: Path, state: Path, *words: str) -> int:
    """Run the command line."""
    command, *rest = words
    return run_command_line([command, *rest, "--corpus", str(corpus), "--state-dir", str(state)])


# --- evidence ---------------------------------------------------------------------------


def test_everything_about_an_example_is_printed(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Violations and their bound, interleavings against those allowed, strategies, frequencies."""
    record_runs(corpus, tmp_path / "state", *[SIDE_BY_SIDE] * 3, ONE_BY_ONE, BROKEN)
    assert 0 == call(corpus, tmp_path / "state", "evidence", "two-rows")
    printed = capsys.readouterr().out
    assert (
        """\
basics/two-rows · python · 3.11 (3.11.7)
  5 runs, 0 of them plain, 1 violation: the rate of violations is below 65.7 %
      (95 % sure)
  3 interleavings seen, 0 in plain runs; the properties allow 6
  so many runs, each chosen uniformly among those, would show 4
  the next run shows a new one with probability 40.0 %; at least 1 more to be
      seen (Chao1)

  strategy      runs  violated    below     seen  next is new  ms a run
  random           5         1   65.7 %        3       40.0 %      20.0

  how often an interleaving came in all runs, steered ones too, and how many so
      often
    once ████████████████████████████████████████ 2
   twice                                          0
  3 to 4 ████████████████████                     1

  runs that violated: in 0 plain runs, in all others
          0         1 × left-in-turn

"""
        == printed
    )


def test_without_a_name_there_are_two_lines_for_each(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of each program and toolchain, and its numbers beside the one that is allowed."""
    record_runs(corpus, tmp_path / "state", SIDE_BY_SIDE, ONE_BY_ONE)
    assert 0 == call(corpus, tmp_path / "state", "evidence")
    head, name, line = capsys.readouterr().out.splitlines()
    assert "basics/two-rows · python · 3.11 (3.11.7)" == name
    assert ["runs", "plain", "violated", "below", "seen", "of", "next", "is", "new"] == head.split()
    assert ["2", "0", "0", "77.6", "%", "2", "6", "100", "%"] == line.split()


def test_runs_of_earlier_versions_are_not_counted(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed spec begins anew; what was recorded before is said to be there."""
    record_runs(corpus, tmp_path / "state", SIDE_BY_SIDE, ONE_BY_ONE)
    (corpus / "basics/two-rows/example.toml").write_text(SPEC + ORDER)
    record_runs(corpus, tmp_path / "state", ONE_BY_ONE)
    assert 0 == call(corpus, tmp_path / "state", "evidence", "two-rows")
    printed = capsys.readouterr().out
    assert "1 run, 0 of them plain, no violation" in printed
    assert printed.endswith("2 runs of earlier versions: not counted\n")


def test_nothing_recorded_is_said(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a missing record nor a record of other examples is an empty table."""
    assert 4 == call(corpus, tmp_path / "state", "evidence")
    assert "no run has been recorded" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()
    Store(tmp_path / "state").close()
    assert 4 == call(corpus, tmp_path / "state", "evidence")
    assert "no run of these has been recorded" in capsys.readouterr().err


def test_records_are_exported_and_merged(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What one machine exports another merges; the second time nothing is added."""
    record_runs(corpus, tmp_path / "a", SIDE_BY_SIDE, ONE_BY_ONE)
    shard = tmp_path / "shard.jsonl"
    assert 0 == call(corpus, tmp_path / "a", "evidence", "--export", str(shard))
    for _ in range(2):
        assert 0 == call(corpus, tmp_path / "b", "evidence", "--merge", str(shard))
    expected = f"{shard}: 2 runs written\n{shard}: 2 runs added\n{shard}: 0 runs added\n"
    assert expected.split() == capsys.readouterr().out.split()  # however its lines are folded
    assert [shard] == list(tmp_path.glob("shard*"))


def test_a_file_that_is_no_export_is_refused(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file and the line."""
    for name, content in (("a.txt", b"hello\n"), ("b.bin", b"\xff\xfe")):
        (tmp_path / name).write_bytes(content)
        assert 2 == call(corpus, tmp_path / "state", "evidence", "--merge", str(tmp_path / name))
    first, second = capsys.readouterr().err.splitlines()
    assert f"{tmp_path}/a.txt:1: expected what harness evidence --export writes" in first
    assert second.endswith("b.bin: expected JSON lines, found no UTF-8 text")


# --- rejudge ----------------------------------------------------------------------------


def test_kept_runs_are_judged_by_the_spec_as_it_is_now(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stricter spec refuses a run that passed when it was made: said, shown, exit code 1."""
    record_runs(corpus, tmp_path / "state", SIDE_BY_SIDE, ONE_BY_ONE)
    assert 0 == call(corpus, tmp_path / "state", "rejudge")
    assert "2 kept runs judged again · 0 judged otherwise · 0 in violation\n" == (
        capsys.readouterr().out
    )
    (corpus / "basics/two-rows/example.toml").write_text(SPEC + ORDER)
    assert 1 == call(corpus, tmp_path / "state", "rejudge", "two-rows")
    printed = capsys.readouterr().out
    assert "left-first is violated now, and was not when it was run\n" in printed
    assert "left-first" in printed
    assert "2 kept runs judged again · 1 judged otherwise · 1 in violation\n" in printed


def test_a_doubtful_run_is_in_violation_only_of_what_was_confirmed(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No program is run that could confirm what a stricter spec says of it now."""
    claims = claims_of(corpus)
    subject = subject_of(claims, TOOLCHAIN)
    run = replace(made(ONE_BY_ONE), doubts=("the run left control: exec",))
    with Store(tmp_path / "state") as store:
        store.record(record_of(subject, claims, TOOLCHAIN, run, judge_run(claims, run)))
    strict = ORDER.replace('["left", "right"]', '["right", "left"]')
    (corpus / "basics/two-rows/example.toml").write_text(SPEC + strict)
    assert 0 == call(corpus, tmp_path / "state", "rejudge")
    printed = capsys.readouterr().out
    assert "  left-first  unconfirmed" in printed
    assert "the run left control: exec\n    no program is run to confirm it\n" in printed
    assert "1 kept run judged again · 0 judged otherwise · 0 in violation\n" in printed


def test_what_was_beyond_control_is_printed(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many runs were loosely controlled, and what broke in them and does not count."""
    claims = claims_of(corpus)
    subject = subject_of(claims, TOOLCHAIN)
    run = made(ONE_BY_ONE)
    told = record_of(subject, claims, TOOLCHAIN, run, judge_run(claims, run))
    with Store(tmp_path / "state") as store:
        store.record(
            replace(told, unconfirmed=("left-in-turn",), passed_over=("main was passed over",))
        )
    assert 0 == call(corpus, tmp_path / "state", "evidence", "two-rows")
    printed = capsys.readouterr().out
    assert "  runs that violated, and do not count: in 0 plain runs, in all others\n" in printed
    assert "          0         1 × left-in-turn\n" in printed
    assert "  runs that were loosely controlled: in 0 plain runs, in all others\n" in printed
    assert "          0         1 × main was passed over\n" in printed


def test_a_mended_spec_accepts_what_it_refused(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that violated an over-tight property passes once that is gone."""
    spec = corpus / "basics/two-rows/example.toml"
    spec.write_text(SPEC + ORDER)
    record_runs(corpus, tmp_path / "state", SIDE_BY_SIDE)
    assert 1 == call(corpus, tmp_path / "state", "rejudge")
    capsys.readouterr()
    spec.write_text(SPEC)
    assert 0 == call(corpus, tmp_path / "state", "rejudge")
    assert "left-first is not violated now, and was when it was run\n" in capsys.readouterr().out


def test_runs_of_another_text_of_the_program_are_left_out(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They say nothing of the program as it is now."""
    record_runs(corpus, tmp_path / "state", SIDE_BY_SIDE)
    with (corpus / "basics/two-rows/main.py").open("a") as program:
        program.write("print('more')\n")
    assert 4 == call(corpus, tmp_path / "state", "rejudge")
    assert "no kept run is of these programs as they are now" in capsys.readouterr().err


# --- records, traces, lines -----------------------------------------------------------------


def test_a_very_long_output_is_not_kept(corpus: Path) -> None:
    """The run is recorded without it."""
    claims = claims_of(corpus)
    run = replace(made(ONE_BY_ONE), stdout=b"left 0\n" * MAX_RECORDING_BYTES)
    judgement = judge_run(claims, made(ONE_BY_ONE))
    subject = subject_of(claims, TOOLCHAIN)
    assert record_of(subject, claims, TOOLCHAIN, run, judgement).recording is None


def test_the_traces_worth_showing_are_found(corpus: Path, tmp_path: Path) -> None:
    """The usual, the rare, the mixed and the plain one, among those that violated nothing."""
    record_runs(corpus, tmp_path, *[ONE_BY_ONE] * 3, SIDE_BY_SIDE, BROKEN)
    claims = claims_of(corpus)
    with Store(tmp_path) as store:
        (evidence,) = store.evidence()
        records = store.kept_runs(evidence.subject)
    traces = kept_traces(claims, records, evidence.total.interleavings)
    gallery = gallery_of(traces)
    assert gallery is not None
    assert (3, 1) == (gallery.most_frequent.came, gallery.rarest.came)
    assert (3, 1) == (gallery.most_interleaved.switches, gallery.least_interleaved.switches)
    assert gallery_of([trace for trace in traces if trace.record.broke]) is None


def test_a_trace_that_control_may_have_led_astray_is_not_worth_showing() -> None:
    """It is no interleaving of those that the properties allow."""
    record = RunRecord(
        subject=SUBJECT, schedule="random:1", signature="", ending=Exited(0),
        unconfirmed=("left-first",), recording=KeptRun(stdout=b"done\n"),
    )  # fmt: skip
    assert gallery_of([KeptTrace(record=record, lines=(), came=0)]) is None


def test_of_equal_traces_the_one_that_knows_its_threads_is_shown() -> None:
    """A page can draw a lane for each thread then."""
    plain, told = (
        RunRecord(
            subject=SUBJECT,
            schedule=schedule,
            signature="00",
            ending=Exited(0),
            recording=KeptRun(stdout=b"done\n", log=log),
        )
        for schedule, log in (("plain", ""), ("random:1", "a log"))
    )
    traces = [KeptTrace(record=each, lines=(), came=1) for each in (plain, told)]
    gallery = gallery_of(traces)
    assert gallery is not None
    assert {"random:1"} == {
        trace.record.schedule
        for trace in (
            gallery.most_frequent,
            gallery.rarest,
            gallery.most_interleaved,
            gallery.least_interleaved,
        )
    }


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.1234, "12.3 %"), (0.012345, "1.23 %"), (0.0012345, "0.123 %"),
     (1e-9, "<0.001 %")],
)  # fmt: skip
def test_a_share_has_the_digits_that_say_something(share: float, text: str) -> None:
    """Small shares keep their digits, large ones drop them."""
    assert text == percent(share)


def test_no_interleaving_has_no_histogram() -> None:
    """Nothing seen, nothing drawn."""
    assert "" == plain(histogram_lines([]))


def test_what_cannot_be_counted_is_said() -> None:
    """An unknown number stays unknown in the table and in the details; outcomes are listed."""
    total = Summary(
        runs=2, first=NOON, last=datetime(2026, 3, 2, tzinfo=UTC), interleavings={"aa": 2},
        uncounted=1, endings={"exit 0": 1, "hang": 1},
        outcomes={"total": {str(n): 1 for n in range(14)}},
    )  # fmt: skip
    evidence = Evidence(subject=SUBJECT, total=total, strategies={"plain": total})
    count = AllowedCount(why="nothing limits how often a tick line comes")
    details = plain(detail_lines(evidence, count))
    assert (
        "  1 interleaving seen, 1 in plain runs, and 1 run more not told apart; "
        "the properties allow a number that "
        "cannot be counted: nothing limits how often a tick line comes\n"
    ) in details
    assert "  endings: in 2 plain runs, in all others\n          1         0 × exit 0\n" in details
    assert "with probability ≤ 100 % (95 % sure)" in details
    assert "and 2 rarer ones\n" in details
    assert " ? " in plain(table_lines([(evidence, count)]))
