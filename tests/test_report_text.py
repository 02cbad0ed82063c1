"""The report for a person, over reports made by hand: every line that it can have."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from harness.reports.findings import excerpt_lines, finding_lines, lane_lines
from harness.reports.styled import AGAIN, BAD, FAINT, GOOD, PLAIN, STRONG, folded, plain, width_of
from harness.reports.terminal import Terminal, property_lines
from harness.reports.text import explanation_lines, summary_lines, verdict_line
from harness.values.finding import Excerpt, Finding, LaneRow, Line, Mark, Violation
from harness.values.program import Side
from harness.values.report import (
    BuildFinished,
    BuildStarted,
    Observation,
    Outcome,
    Planned,
    PropertyResult,
    Report,
    RunEvent,
    RunFinished,
    Searched,
    SideFinished,
    Verdict,
)
from harness.values.toolchain import Toolchain
from harness.values.words import count_of, shortened, visible

LINES = tuple(
    Line(number, text, event)
    for number, text, event in (
        (1, "step 1", "step"),
        (2, "step 2", "step"),
        (3, "hello?", None),
        (4, "step 4", "step"),
    )
)

FINDING = Finding(
    property="in-turn",
    why="the steps come in turn",
    violation=Violation(
        message="step.i is 4 where it cannot be",
        marks=(Mark(line=4, note="i = 4"),),
        expected="3",
        found="4",
    ),
    side=Side.RUST,
    toolchain="stable",
    schedule="plain",
    run_index=0,
    line=8,
    excerpt=Excerpt(lines=LINES, marks=(Mark(line=4, note="i = 4"),), total=4),
    reproduce="harness run steps --side rust --schedule plain",
    occurrences=3,
)

VERDICT = Verdict(
    example="topic/steps",
    side=Side.RUST,
    toolchain="stable",
    outcome=Outcome.FAILED,
    findings=(FINDING,),
    properties=(PropertyResult(name="in-turn", family="values", status="broke", runs=20),),
    runs=20,
    interleavings=2,
)


def test_a_finding_explains_itself() -> None:
    """A finding has its property and place, reason, message, both sides, trace and command."""
    assert """\
FAILED topic/steps · rust · stable

  in-turn  (example.toml:8)
    the steps come in turn
    step.i is 4 where it cannot be  [in 3 of 20 runs, first under plain]
      expected  3
      found     4

      1 │ step  step 1
      2 │ step  step 2
      3 │ ?     hello?
    ▶ 4 │ step  step 4  ◀ i = 4

    again:  harness run steps --side rust --schedule plain

""" == plain(explanation_lines(VERDICT))


def test_a_finding_of_a_build_has_no_trace_and_no_command() -> None:
    """What no run has shown says nothing of runs; another program than main is named."""
    finding = Finding(
        property="builds",
        why="a program compiles",
        violation=Violation(
            message="src/bin/x.rs does not compile", expected="a program", found="error: a\n  b"
        ),
        program="mended",
    )
    assert """\
  builds  program mended
    a program compiles
    src/bin/x.rs does not compile
      expected  a program
      found     error: a
                  b

""" == plain(finding_lines(VERDICT, finding))


def test_the_nearest_miss_stands_below_the_trace() -> None:
    """A line that is no event is told with what it comes nearest to."""
    finding = replace(FINDING, nearest='nearest: step = "step {i:d}"')
    lines = plain(finding_lines(VERDICT, finding)).splitlines()
    assert '      nearest: step = "step {i:d}"' == lines[10]


def test_lanes_show_who_ran_when() -> None:
    """A controlled failure has a lane for each thread, and what stopped without need."""
    rows = (
        LaneRow(line=1, thread=0, text="begins"),
        LaneRow(line=2, thread=1, text="begins too", preempted=(0,), note="two inside"),
    )
    finding = replace(FINDING, excerpt=Excerpt(), lanes=rows, switches=1, reproduce="")
    assert """\
      the plainest schedule that shows it: 1 departure from running on
      main                              thread 1
      begins
      ┄┄ main stopped
                                        begins too  ◀ two inside
""" in plain(finding_lines(VERDICT, finding))


def test_lanes_show_where_each_thread_of_a_deadlock_stands() -> None:
    """Also one that printed nothing, and what came for nothing before."""
    rows = (
        LaneRow(line=1, thread=0, text="begins", spurious=(1,), weak=(0,), places=("a.py:5", "")),
        LaneRow(line=0, thread=2, text="", stands="waits for thread 1: lock at a.py:3", early=(1,)),
        LaneRow(line=0, thread=1, text="", stands="waits for thread 2: lock at a.py:7"),
    )
    finding = replace(FINDING, excerpt=Excerpt(), lanes=rows, reproduce="")
    lane = " " * 34
    assert f"""\
      main                              thread 1                          thread 2
      {lane}┄┄ thread 1's wait at a.py:5 wakes for nothing
      ┄┄ main's weak exchange fails for nothing
      begins
      {lane}┄┄ thread 1's timeout fires early
      {lane}{lane}■ waits for thread 1: lock at a.py:3
      {lane}■ waits for thread 2: lock at a.py:7
""" in plain(finding_lines(VERDICT, finding))


def test_an_excerpt_shows_where_lines_are_left_out() -> None:
    """Gaps before, between and after the lines shown are marked, and the whole is counted."""
    lines = (LINES[1], replace_number(LINES[3], 700))
    assert """\
           ┆
         2 │ step  step 2
           ┆
    ▶  700 │ step  step 4
           ┆ 1024 lines in all
""" == plain(excerpt_lines(Excerpt(lines=lines, marks=(Mark(line=700),), total=1024)))


def replace_number(line: Line, number: int) -> Line:
    """The same line at another place."""
    return Line(number, line.text, line.event, line.fields)


def test_two_marks_on_one_line_are_both_told() -> None:
    """A line that offends twice has both notes."""
    marks = (Mark(line=1, note="one"), Mark(line=1, note="other"))
    text = plain(excerpt_lines(Excerpt(lines=LINES[:1], marks=marks, total=1)))
    assert "    ▶ 1 │ step  step 1  ◀ one; other\n" == text


def test_long_texts_of_a_finding_are_cut() -> None:
    """Of forty lines twenty are shown, and a line of a million characters is cut."""
    found = "\n".join(["x" * 1_000_000] * 40)
    finding = replace(FINDING, violation=Violation(message="y" * 1_000_000, found=found))
    lines = plain(finding_lines(VERDICT, finding)).splitlines()
    assert "                … 20 more lines" in lines
    assert max(map(len, lines)) < 400


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"),
        ("a\rb\x08c\x7f\x9b", "a\\rb\\x08c\\x7f\\x9b"),
        ("\u202egnp.exe\u2066 \u200f\u061c", "\\u202egnp.exe\\u2066 \\u200f\\u061c"),
        ("one\u2028two\x0bthree\x85", "one\\u2028two\\x0bthree\\x85"),
        ("\udcff", "\\udcff"),
        ("안녕 ─ tab\t", "안녕 ─ tab\t"),
    ],
)
def test_what_would_act_is_written_out(text: str, shown: str) -> None:
    """Escape sequences, controls, bidi controls and half characters are shown, not obeyed."""
    assert shown == visible(text)


def test_a_cut_text_is_cut_after_it_was_made_visible() -> None:
    """No escape makes a text longer than it may be."""
    assert ("\\x1b" * 3)[:10] + "…" == shortened("\x1b" * 1_000_000, 10)


HOSTILE = "\x1b[31m\u202e\r\x07" + "x" * 1_000_000


def test_no_text_of_a_program_can_break_the_report() -> None:
    """Whatever stands in any text of a finding, the report has no control character from it."""
    finding = replace(
        FINDING,
        why=HOSTILE,
        violation=Violation(message=HOSTILE, expected=HOSTILE, found=f"{HOSTILE}\n{HOSTILE}"),
        excerpt=Excerpt(lines=(Line(1, HOSTILE),), marks=(Mark(line=1, note=HOSTILE),), total=1),
        nearest=HOSTILE,
        lanes=(LaneRow(line=1, thread=0, text=HOSTILE, note="note"),),
    )
    seen = Observation(property="in-turn", outcome=HOSTILE, grade="forbidden", why=HOSTILE, count=1)
    verdict = replace(VERDICT, findings=(finding,), observations=(seen,), reason=HOSTILE)
    out = StringIO()
    terminal = Terminal(columns=0, out=out, verbosity=1)
    terminal.tell(SideFinished(verdict=verdict))
    terminal.finish(Report(verdicts=(verdict,)))
    text = out.getvalue()
    assert {"\n"} == {character for character in text if not character.isprintable()}
    assert max(map(len, text.splitlines())) < 700


def test_observed_outcomes_are_a_table() -> None:
    """What came how often stands below the findings, with grade and reason."""
    seen = Observation(
        property="totals", outcome="2", grade="acceptable", why="both counted", count=1500
    )
    verdict = replace(VERDICT, observations=(seen, replace(seen, outcome="1", count=3)))
    assert [
        "  totals: observed",
        "      1,500 ×  2                        acceptable   both counted",
        "          3 ×  1                        acceptable   both counted",
    ] == plain(explanation_lines(verdict)).splitlines()[-4:-1]


def test_observed_outcomes_of_steered_runs_have_a_column_of_their_own() -> None:
    """How often those came is the scheduler's doing."""
    seen = Observation(
        property="totals", outcome="2", grade="acceptable", why="both counted", count=60, plain=20
    )
    verdict = replace(VERDICT, observations=(seen, replace(seen, outcome="1", count=3, plain=0)))
    assert [
        "  totals: observed in plain runs, and in steered ones",
        "         20 ×      40 ×  2                        acceptable   both counted",
        "          0 ×       3 ×  1                        acceptable   both counted",
    ] == plain(explanation_lines(verdict)).splitlines()[-4:-1]


@pytest.mark.parametrize(
    ("plain_runs", "often"),
    [
        (None, "[in 3 of 20 runs, "),
        (20, "[in 3 of 20 runs, "),
        (0, "[in 3 of 20 steered runs, "),
        (8, "[in 1 of 8 plain runs and 2 of 12 steered ones, "),
    ],
)
def test_a_finding_says_in_how_many_steered_runs_it_came(
    plain_runs: int | None, often: str
) -> None:
    """Where some were; a report that does not say how many were, claims nothing of it."""
    finding = replace(
        VERDICT.findings[0], occurrences=3, runs=20, plain_occurrences=1, plain_runs=plain_runs
    )
    assert often in plain(finding_lines(VERDICT, finding))


def test_a_side_without_findings_is_not_explained() -> None:
    """There is nothing to explain of a side that passed."""
    assert [] == list(explanation_lines(replace(VERDICT, outcome=Outcome.PASSED, findings=())))


FAILED = "FAILED       topic/steps  rust   stable    "
SEARCHED = Searched(program="main", traces=35, steps=23, over=("hand-overs",))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "FAILED       topic/steps  rust   stable    20 runs, 2 interleavings"),
        (
            {"outcome": Outcome.PASSED, "torn_lines": 1, "runs": 1, "interleavings": 1},
            "PASSED       topic/steps  rust   stable    1 run, 1 interleaving, 1 torn line",
        ),
        (
            {"plain_runs": 8, "plain_interleavings": 1, "steered_interleavings": 5},
            f"{FAILED}8 plain runs, 1 interleaving; 12 steered, 5",
        ),
        (
            {"plain_runs": 0, "steered_interleavings": 2},
            f"{FAILED}20 steered runs, 2 interleavings",
        ),
        ({"plain_runs": 20}, f"{FAILED}20 runs, 2 interleavings"),
        (
            {"is_proved": True, "searched": (SEARCHED,)},
            (
                f"{FAILED}20 runs, 2 interleavings; proved over all 35 traces "
                "(hand-overs; up to 23 steps)"
            ),
        ),
        (
            {"is_proved": True, "searched": (SEARCHED, replace(SEARCHED, traces=1, steps=40))},
            (
                f"{FAILED}20 runs, 2 interleavings; proved over all 36 traces of 2 programs "
                "(hand-overs; up to 40 steps)"
            ),
        ),
        (
            {"is_proved": True, "searched": (replace(SEARCHED, traces=1),)},
            (
                f"{FAILED}20 runs, 2 interleavings; proved over the only trace there is "
                "(hand-overs; up to 23 steps)"
            ),
        ),
        ({"searched": (SEARCHED,)}, f"{FAILED}20 runs, 2 interleavings"),
        (
            {
                "outcome": Outcome.PASSED,
                "runs": 0,
                "properties": (PropertyResult(name="x", family="compile-error", status="held"),),
            },
            "PASSED       topic/steps  rust   stable    1 property, nothing to run",
        ),
        (
            {"outcome": Outcome.SKIPPED, "runs": 0, "properties": (), "reason": "needs Rust 9"},
            "SKIPPED      topic/steps  rust   stable      needs Rust 9",
        ),
    ],
)
def test_a_verdict_is_one_line(change: dict[str, object], line: str) -> None:
    """A verdict's line has outcome, example, side, toolchain, numbers, and the reason."""
    verdict = replace(VERDICT, **change)  # type: ignore[arg-type]
    assert f"{line}\n" == plain([verdict_line(verdict)])


def test_a_proof_is_told_shortly_where_it_has_no_room() -> None:
    """Then what was run for it stands with what each property came to."""
    proved = replace(VERDICT, is_proved=True, searched=(SEARCHED,))
    assert plain([verdict_line(proved, columns=80)]).endswith("; proved\n")
    assert plain([verdict_line(proved, columns=200)]).endswith("(hand-overs; up to 23 steps)\n")
    first, *_ = property_lines(proved)
    assert "    proved over all 35 traces (hand-overs; up to 23 steps)\n" == plain([first])


def test_the_summary_counts_everything_once() -> None:
    """The summary has the outcomes, then the numbers; a property of both sides counts once."""
    passed = replace(VERDICT, side=Side.PYTHON, outcome=Outcome.PASSED, findings=())
    report = Report(verdicts=(passed, VERDICT), seconds=12.34, build_seconds=1.0)
    assert (
        "1 passed, 1 failed\n"
        "1 example · 2 sides · 1 property · 40 runs · 4 distinct interleavings"
        " · 12.3 s (cargo 1.0 s)\n"
    ) == plain(summary_lines(report))


def test_the_summary_counts_steered_runs_apart() -> None:
    """With the interleavings that each kind has shown; of one kind only, that one."""
    mixed = replace(VERDICT, plain_runs=8, plain_interleavings=1, steered_interleavings=5)
    steered = replace(VERDICT, plain_runs=0, steered_interleavings=2)
    lines = plain(summary_lines(Report(verdicts=(mixed, steered))))
    assert (
        "8 plain runs · 1 distinct interleaving · 32 steered runs · 7 distinct interleavings"
    ) in lines
    lines = plain(summary_lines(Report(verdicts=(steered,))))
    assert " · 1 property · 20 steered runs · 2 distinct interleavings" in lines


def test_each_outcome_has_its_word_in_the_summary() -> None:
    """The six outcomes are named in lower case, in their order."""
    report = Report(verdicts=tuple(replace(VERDICT, outcome=outcome) for outcome in Outcome))
    words = "1 passed, 1 failed, 1 timed out, 1 errored, 1 skipped, 1 inconclusive"
    assert words == plain(summary_lines(report)).splitlines()[0]


def test_an_empty_report_says_so() -> None:
    """Where nothing was verified the summary says that, and not that all is well."""
    assert "nothing was verified" == plain(summary_lines(Report())).splitlines()[0]


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(1, "run", "1 run"), (0, "run", "0 runs"), (1200, "property", "1,200 properties")],
)
def test_numbers_are_put_into_words(number: int, noun: str, text: str) -> None:
    """One of a thing is singular, everything else plural."""
    assert text == count_of(number, noun)


RUST = Toolchain(side=Side.RUST, label="stable", version="1.95.0", program=Path("rustc"))
EVENTS: tuple[RunEvent, ...] = (
    BuildStarted(toolchain=RUST, crates=1),
    BuildFinished(toolchain=RUST, seconds=1.25, fresh=False),
    BuildFinished(toolchain=RUST, seconds=0.0, fresh=True),
    Planned(examples=1, sides=1, runs=20),
    RunFinished(example="topic/steps", side=Side.RUST, program="main", toolchain="stable", ok=True),
    SideFinished(verdict=replace(VERDICT, outcome=Outcome.PASSED, findings=())),
    SideFinished(verdict=VERDICT),
)

PASSED_LINE = (
    "PASSED       topic/steps                      rust   stable    20 runs, 2 interleavings"
)
FAILED_LINE = (
    "FAILED       topic/steps                      rust   stable    20 runs, 2 interleavings"
)
PROPERTY_LINE = "    broke           in-turn"


@pytest.mark.parametrize(
    ("verbosity", "expected"),
    [
        (-1, [FAILED_LINE]),
        (
            0,
            [
                "built with rustc 1.95.0 in 1.2 s",
                "nothing to build with rustc 1.95.0 in 0.0 s",
                "20 runs to make",
                PASSED_LINE,
                FAILED_LINE,
            ],
        ),
        (
            1,
            [
                "building with rustc 1.95.0",
                "built with rustc 1.95.0 in 1.2 s",
                "nothing to build with rustc 1.95.0 in 0.0 s",
                "20 runs to make",
                PASSED_LINE,
                PROPERTY_LINE,
                FAILED_LINE,
                PROPERTY_LINE,
            ],
        ),
    ],
)
def test_events_are_told_by_verbosity(verbosity: int, expected: list[str]) -> None:
    """-q tells only what is wrong; by default each side has a line; -v has each property."""
    out = StringIO()
    terminal = Terminal(columns=0, verbosity=verbosity, out=out)
    for event in EVENTS:
        terminal.tell(event)
    assert expected == out.getvalue().splitlines()


def test_work_in_a_pipe_is_told_by_tenths(capsys: pytest.CaptureFixture[str]) -> None:
    """So many lines, whatever there is to do, on stderr: stdout may be a file."""
    out = StringIO()
    terminal = Terminal(columns=0, out=out)
    terminal.stage("building 24 variants")
    terminal.begin("control", 24)
    for _ in range(24):
        terminal.advance("topic/steps · rust")
    told = capsys.readouterr().err.splitlines()
    assert ["building 24 variants", "24 controls to try", "3 of 24 controls"] == told[:3]
    assert (12, "24 of 24 controls") == (len(told), told[-1])
    assert "" == out.getvalue()


def test_work_on_a_terminal_has_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines that are written meanwhile stay, and none is added to them."""
    out = StringIO()
    terminal = Terminal(columns=0, out=out, live=True)
    terminal.stage("building")
    terminal.begin("control", 2)
    terminal.advance("topic/steps · rust")
    terminal.write([((STRONG, "PASSED"),)])
    terminal.advance("topic/steps · python")
    terminal.close()
    assert "PASSED" == out.getvalue().strip()
    assert "" == capsys.readouterr().err


def test_a_fault_is_shown_whole() -> None:
    """The traceback of a fault of ours stands in the report."""
    out = StringIO()
    Terminal(columns=0, out=out).finish(
        Report(faults=("topic/steps (rust):\nTraceback\n  a slip\n",))
    )
    assert [
        "a fault of the harness itself, in topic/steps (rust):",
        "Traceback",
        "  a slip",
    ] == out.getvalue().splitlines()[1:4]


def test_colours_are_only_added() -> None:
    """With colours the report is the same text, but for the colours."""
    texts = []
    for colour in (False, True):
        out = StringIO()
        Terminal(columns=0, out=out, colour=colour).finish(Report(verdicts=(VERDICT,)))
        texts.append(out.getvalue())
    uncoloured, coloured = texts
    for code in ("0", "1", "2", "31;1", "32", "33", "33;1"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert uncoloured == "".join(f"{line.rstrip()}\n" for line in coloured.splitlines())


# --- lines that fit ----------------------------------------------------------------------


@pytest.mark.parametrize("columns", [24, 40, 80])
@pytest.mark.parametrize(
    "text",
    [
        "    word " * 30,
        "x" * 200,
        "  " + "x" * 200 + " y",
        "스레드가 끝날 때까지 기다린다 " * 12,
        "    again:  harness run a/b --side rust --seed 12 --schedule switch:5>1,7>2 -v",
    ],
)
def test_a_folded_line_fits_and_loses_nothing_but_blanks(text: str, columns: int) -> None:
    """It goes on deeper than it began, with its styles; signs of East Asia take two columns."""
    half = len(text) // 2
    lines = list(folded(((GOOD, text[:half]), (BAD, text[half:])), columns))
    told = plain(lines)
    longest = max(map(width_of, text.split()))
    assert all(width_of(line.strip()) <= max(columns, longest) for line in told.splitlines())
    assert all(width_of(line) <= columns for line in told.splitlines() if " " in line.strip(" \\"))
    joined = told.replace(" \\\n", "\n")
    assert joined.replace(" ", "").replace("\n", "") == text.replace(" ", "")
    pieces = [piece for line in lines for piece in line]
    assert {GOOD, BAD} <= {style for style, _ in pieces}
    assert list(folded(((PLAIN, "short"),), columns)) == [((PLAIN, "short"),)]


def test_a_folded_command_is_one_for_a_shell() -> None:
    """It can be copied with its lines."""
    command = f"harness run topic/name --side rust --schedule switch:{'1>2,' * 20}3>4"
    told = plain(folded(((FAINT, f"    {AGAIN}  "), (STRONG, command)), 40))
    assert told.count("\n") > 1
    typed = told.partition(AGAIN)[2].replace("\\\n", "")
    assert command.split() == typed.split()


def test_the_lanes_of_many_threads_fit() -> None:
    """They are narrower then, and no row goes on in a line of its own."""
    rows = tuple(
        LaneRow(line=n + 1, thread=n, text=f"{n} says what it has to say") for n in range(4)
    )
    finding = Finding(
        property="p", why="w", violation=Violation(message="m"), lanes=rows, switches=0
    )
    lines = plain(lane_lines(finding, 80)).splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert len(plain(lane_lines(finding)).splitlines()) == len(lines) == 6
