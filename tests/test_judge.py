"""What one run shows: findings, witnesses, excerpts; streamed or whole, the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging import judge
from harness.judging.claims import Claims
from harness.judging.judge import LONG_BYTES, Judgement, Judging, judge_run, judge_stream
from harness.judging.stderr import Stderr
from harness.values.program import Side
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Run,
    Signalled,
    TimedOut,
)
from tests.claiming import claims_of, run_of

STEPS = """
[events]
step = "step {i:d}"
[always.in-turn]
why    = "in turn"
values = { of = "step.i", are = "1..=3" }
"""

PREFIX = STEPS.replace("are =", "prefix-of =")

SOME = """
[events]
step = "step {i:d}"
[sometimes.goes-far]
why   = "some run does"
count = { of = "step", at-least = 2 }
"""

HANGS = """
[events]
step = "step {i:d}"
[always.hangs]
why  = "it waits"
hang = { after = ["step"] }
"""

WARNS = """
[events]
step = "step {i:d}"
warn = { pattern = "warning {i:d}", stream = "stderr" }
[always.in-turn]
why    = "in turn"
values = { of = "step.i", are = "1..=3" }
[always.warns-in-turn]
why    = "in turn"
values = { of = "warn.i", are = "1..=2" }
"""

RIGHT = "step 1\nstep 2\nstep 3\n"


def names(judgement: Judgement) -> list[str]:
    """The names of the findings."""
    return [finding.property for finding in judgement.findings]


@pytest.mark.parametrize(
    ("stdout", "expected"),
    [
        (RIGHT, []),
        ("step 1\nstep 2\n", ["in-turn"]),
        ("step 1\nstep 3\n", ["in-turn"]),
        (RIGHT + "bye\n", ["known-lines"]),
        (RIGHT.rstrip("\n"), ["whole-lines"]),
        ("", ["in-turn", "some-output"]),
    ],
)
def test_a_run_has_the_findings_that_its_lines_make(stdout: str, expected: list[str]) -> None:
    """What is missing, wrong, unknown or cut short in the output is a finding each."""
    claims = claims_of(STEPS)
    assert expected == names(judge_run(claims, run_of(claims, stdout)))


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Exited(0), []),
        (Exited(3), ["exit-code"]),
        (Signalled("SIGABRT"), ["exit-code"]),
        (TimedOut(10.0), ["ends-in-time"]),
        (TimedOut(10.0, idle=True), ["ends-in-time"]),
        (TimedOut(10.0, idle=None), ["ends-in-time"]),
        (Deadlocked(("main waits for a lock",)), ["no-deadlock"]),
        (OverLimit("64 MiB of output"), ["within-limits"]),
        (NotStarted("no such file"), ["starts"]),
    ],
)
def test_every_ending_but_exit_0_is_a_finding(ending: Ending, expected: list[str]) -> None:
    """However a run ends that the spec does not speak of, it has one finding about that."""
    claims = claims_of(PREFIX)
    assert expected == names(judge_run(claims, run_of(claims, RIGHT, ending=ending)))


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (TimedOut(0.3, idle=True), []),
        (TimedOut(10.0, idle=None), []),
        (Deadlocked(), []),
        (TimedOut(10.0), ["hangs"]),
        (Exited(0), ["hangs"]),
        (NotStarted("no such file"), ["starts"]),
    ],
)
def test_a_hang_may_be_claimed(ending: Ending, expected: list[str]) -> None:
    """Where a hang is claimed, silence is what should come and an end is a finding."""
    claims = claims_of(HANGS)
    assert expected == names(judge_run(claims, run_of(claims, "step 1\n", ending=ending)))


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Exited(0), ["whole-lines", "hangs"]),
        (TimedOut(0.3, idle=True), ["whole-lines"]),
        (Deadlocked(), ["whole-lines"]),
        (TimedOut(10.0), ["hangs"]),
    ],
)
def test_a_run_that_has_said_all_has_said_whole_lines(ending: Ending, expected: list[str]) -> None:
    """A run that hangs where it may will not end its last line; a busy one was cut short."""
    claims = claims_of(HANGS)
    assert set(expected) == set(names(judge_run(claims, run_of(claims, "step 1", ending=ending))))


@pytest.mark.parametrize("ending", [TimedOut(1.0), OverLimit("much"), NotStarted("gone")])
def test_what_is_missing_counts_only_in_a_run_that_ended(ending: Ending) -> None:
    """A run that was cut off neither lacks anything nor is a witness."""
    steps, some = claims_of(STEPS), claims_of(SOME)
    cut = judge_run(steps, run_of(steps, "step 1\n", ending=ending))
    seen = judge_run(some, run_of(some, RIGHT, ending=ending))
    assert (False, False) == ("in-turn" in names(cut), cut.ended)
    assert frozenset() == seen.witnessed


def test_what_is_wrong_counts_even_in_a_run_that_was_cut_off() -> None:
    """A violation that has been printed is a finding, however the run ended."""
    claims = claims_of(STEPS)
    run = run_of(claims, "step 2\n", ending=TimedOut(1.0))
    assert ["in-turn", "ends-in-time"] == names(judge_run(claims, run))


def test_a_run_is_a_witness_or_says_what_it_lacks() -> None:
    """A some-run property holds in a run, or is missed in it; neither is a finding."""
    claims = claims_of(SOME)
    shows, lacks = (judge_run(claims, run_of(claims, text)) for text in (RIGHT, "step 1\n"))
    assert (frozenset({"goes-far"}), []) == (shows.witnessed, list(shows.missed))
    assert (frozenset(), ["goes-far"]) == (lacks.witnessed, list(lacks.missed))
    assert [[], []] == [names(shows), names(lacks)]


def test_events_on_stderr_are_numbered_on() -> None:
    """A finding about stderr marks its own line, below those of stdout."""
    claims = claims_of(WARNS)
    run = run_of(claims, RIGHT, stderr=b"warning 1\nwarning 3\n")
    (finding,) = judge_run(claims, run).findings
    assert ("warns-in-turn", [5]) == (finding.property, [m.line for m in finding.violation.marks])
    shown = [(line.number, line.text) for line in finding.excerpt.lines]
    assert [(3, "step 3"), (4, "warning 1"), (5, "warning 3")] == shown


def test_an_open_last_line_is_marked_on_stdout() -> None:
    """The line that has no line break is stdout's last, whatever is on stderr."""
    claims = claims_of(WARNS)
    run = run_of(claims, RIGHT.rstrip("\n"), stderr=b"warning 1\nwarning 2\n")
    (finding,) = judge_run(claims, run).findings
    assert ("whole-lines", [3]) == (finding.property, [m.line for m in finding.violation.marks])


@pytest.mark.parametrize(
    ("side", "ending", "expected"),
    [
        (Side.PYTHON, Exited(0), []),
        (Side.RUST, Exited(0), ["whole-lines"]),
        (Side.PYTHON, TimedOut(0.3, idle=True), ["ends-in-time"]),
    ],
)
def test_a_last_line_may_be_cut_where_the_spec_says_so(
    side: Side, ending: Ending, expected: list[str]
) -> None:
    """By the end of the process, which stops daemon threads; no Rust thread is stopped so."""
    claims = claims_of(f'last-line = "cut"\n{STEPS}', side)
    assert expected == names(judge_run(claims, run_of(claims, RIGHT.rstrip("\n"), ending=ending)))


def test_a_torn_line_whose_line_break_never_comes_is_a_finding() -> None:
    """Two prints may tear each other's lines, but what they owe is paid in the end."""
    claims = claims_of(PREFIX, Side.PYTHON)
    paid = judge_run(claims, run_of(claims, "step 1step 2\n\nstep 3\n"))
    owed = judge_run(claims, run_of(claims, "step 1step 2\nstep 3\n"))
    assert ([], ["whole-lines"]) == (
        [finding.property for finding in paid.findings],
        [finding.property for finding in owed.findings],
    )


def test_stderr_that_is_no_event_is_a_finding() -> None:
    """Of stderr, events are judged and every other line is noise."""
    claims = claims_of(WARNS)
    run = run_of(claims, RIGHT, stderr=b"warning 1\nwarning 2\nodd\n")
    (finding,) = judge_run(claims, run).findings
    assert ("quiet-stderr", "odd") == (finding.property, finding.violation.found)


def test_equal_interleavings_have_one_signature() -> None:
    """The signature tells orders apart, and nothing else."""
    claims = claims_of(PREFIX)
    texts = (RIGHT, RIGHT, "step 2\nstep 1\nstep 3\n")
    one, same, other = (judge_run(claims, run_of(claims, t)).signature for t in texts)
    assert (one == same, one == other) == (True, False)


# --- streamed and whole ---------------------------------------------------------

TRAFFIC = """
[events]
enters = "{who:w} enters"
leaves = "{who:w} leaves"
total  = "total {n:d}"
[always.one-at-a-time]
why      = "a lock"
sections = { enter = "enters", leave = "leaves", who = "who" }
[always.total-comes-last]
why   = "all have left"
order = { chain = ["leaves", "total"] }
[always.one-total]
why   = "once"
count = { of = "total", is = 1 }
[sometimes.two-come]
why   = "some run shows it"
count = { of = "enters", at-least = 2 }
[always.counts-visits]
why      = "it adds up"
relation = { holds = "total.n >= 0" }
"""

LINE = st.sampled_from(
    ["a enters", "b enters", "a leaves", "b leaves", "total 1", "total -1", "odd", "", "a entersb"]
)


def streamed(stdout: bytes, side: Side) -> Judgement:
    """The judgement of a run whose output is read in blocks."""
    claims = claims_of(TRAFFIC, side)
    return judge_stream(claims, run_of(claims, stdout), lambda: BytesIO(stdout), Stderr())


def whole(stdout: bytes, side: Side) -> Judgement:
    """The judgement of the same run, whose lines are held at once."""
    claims = claims_of(TRAFFIC, side)
    return judge_run(claims, run_of(claims, stdout))


def essence(judgement: Judgement) -> object:
    """All but the signature, which only whole lines have."""
    return (
        judgement.findings,
        judgement.witnessed,
        judgement.missed,
        judgement.observed,
        judgement.torn,
        judgement.ended,
    )


@settings(max_examples=150)
@given(lines=st.lists(LINE, max_size=25), complete=st.booleans())
def test_streaming_says_what_judging_the_whole_run_says(
    lines: list[str], *, complete: bool
) -> None:
    """Read in blocks or held at once, the same output has the same judgement."""
    stdout = "\n".join(lines).encode() + (b"\n" if lines and complete else b"")
    assert essence(whole(stdout, Side.RUST)) == essence(streamed(stdout, Side.RUST))


@settings(max_examples=150)
@given(
    pairs=st.lists(
        st.sampled_from(
            ["a enters\na leaves\n", "b enters\nb leaves\n", "a entersb enters\n\n", "odd\n"]
        ),
        max_size=12,
    )
)
def test_streaming_mends_what_the_whole_run_mends(pairs: list[str]) -> None:
    """Torn lines that are no event as they stand are mended alike in both."""
    stdout = "".join(pairs).encode()
    assert essence(whole(stdout, Side.PYTHON)) == essence(streamed(stdout, Side.PYTHON))


@pytest.mark.parametrize("side", list(Side))
def test_a_long_run_is_judged_like_a_short_one(side: Side) -> None:
    """Past a length runs are streamed, with findings that quote the same lines."""
    claims = claims_of(TRAFFIC, side)
    visit = "a enters\na leaves\n"
    visits = visit * (LONG_BYTES // len(visit) + 1)
    short, long = (
        judge_run(claims, run_of(claims, text + "b leaves\ntotal 1\n"))
        for text in (visit * 10, visits)
    )
    assert ["one-at-a-time"] == names(short) == names(long)
    shift = visits.count("\n") - 20
    expected = [(line.number + shift, line.text) for line in short.findings[0].excerpt.lines]
    actual = [(line.number, line.text) for line in long.findings[0].excerpt.lines]
    assert expected == actual
    assert long.signature


def test_a_long_run_keeps_its_stderr() -> None:
    """Events and noise on stderr are judged after a long stdout too."""
    claims = claims_of(WARNS)
    run = run_of(claims, "step 1\n" * (LONG_BYTES // 7 + 1), stderr=b"warning 2\nodd\n")
    judgement = judge_run(claims, run)
    assert ["in-turn", "warns-in-turn", "quiet-stderr"] == names(judgement)
    assert ("warning 2", "warn") == (
        judgement.findings[1].excerpt.lines[-1].text,
        judgement.findings[1].excerpt.lines[-1].event,
    )


def test_streaming_opens_the_output_once_and_again_for_each_finding() -> None:
    """One pass judges; each finding's excerpt takes one more."""
    claims = claims_of(STEPS)
    opened = 0

    def open_it() -> BytesIO:
        nonlocal opened
        opened += 1
        return BytesIO(b"step 1\nbye\n")

    opener: Callable[[], BytesIO] = open_it
    judgement = judge_stream(claims, run_of(claims), opener, Stderr())
    assert (["in-turn", "known-lines"], 3) == (names(judgement), opened)


# --- runs that gave the same ------------------------------------------------------------


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The schedules of the runs that were really looked through."""
    schedules: list[str] = []

    def noted(claims: Claims, run: Run, *rest: Callable[[], bool]) -> Judgement:
        schedules.append(run.schedule)
        return judge_run(claims, run, *rest)

    monkeypatch.setattr(judge, "judge_run", noted)
    return schedules


def test_what_gave_the_same_is_judged_once(judged: list[str]) -> None:
    """Only the same output, ending, strays and races show the same."""
    claims = claims_of(SOME)
    judging = Judging(claims, is_timed=False)
    one = run_of(claims, "step 1\nstep 2\n")
    others = [
        replace(one, stdout=b"step 1\n"),
        replace(one, stderr=b"warning 1\n"),
        replace(one, ending=Exited(3)),
        replace(one, stray_processes=1),
        replace(one, races=("a.rs:1 and a.rs:2",)),
    ]
    for number, run in enumerate([one, *others, one, *others]):
        assert judging.judge(replace(run, schedule=f"random:{number}")) == judge_run(
            claims, replace(run, schedule=f"random:{number}")
        )
    first, again = judged[: len(others) + 1], judged[len(others) + 1 :]
    assert first == [f"random:{number}" for number in range(len(others) + 1)]
    assert "random:6" not in again  # one whose judgement has no finding


def test_a_finding_is_told_with_its_own_run(judged: list[str]) -> None:
    """It names the schedule of the run that it is in."""
    claims = claims_of(STEPS)
    judging = Judging(claims, is_timed=False)
    run = run_of(claims, "step 2\n")
    found = [judging.judge(replace(run, schedule=name)).findings[0] for name in ("stay", "pct1:1")]
    assert [finding.schedule for finding in found] == ["stay", "pct1:1"]
    assert judged == ["stay", "pct1:1"]


def test_each_run_of_a_timed_program_is_judged(judged: list[str]) -> None:
    """How long it took is no part of what it gave."""
    claims = claims_of(SOME)
    judging = Judging(claims, is_timed=True)
    run = run_of(claims, "step 1\nstep 2\n")
    for seconds in (1.0, 2.0):
        judging.judge(replace(run, wall_seconds=seconds))
    assert len(judged) == 2
