"""An empty line is a line: an event where the spec says so, and layout where it does not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from harness.authoring.propose.learning import learn_events
from harness.judging.claims import Claims, make_claims
from harness.judging.judge import judge_run, judge_stream
from harness.judging.stderr import parse_stderr
from harness.judging.trace import read_trace
from harness.language.declarations import Spec
from harness.language.patterns import Matcher, compile_pattern, nearest_miss, overlap
from harness.language.spec import load_spec
from harness.values.program import EventSpec, Side
from harness.values.run import Exited, Run
from tests.spec.examples import edited, refusal_of, write_example

BLANK = compile_pattern(EventSpec(name="blank", pattern=""))
ONE_GAP = 'of = "blank", is'
LINE = compile_pattern(EventSpec(name="line", pattern="line {n:d}"))

SPEC = """\
title   = "Paragraphs"
summary = "Lines with an empty one between them, on both streams."

[events]
line   = "line {n:d}"
blank  = ""
warned = "warned"
gap    = { pattern = "", stream = "stderr" }

[always.lines]
why    = "so it is"
values = { of = "line.n", are = [1, 2] }

[always.a-gap-between]
why   = "so it is"
order = { chain = ["line[n=1]", "blank", "line[n=2]"] }

[always.one-gap]
why   = "so it is"
count = { of = "blank", is = 1 }

[always.none-on-stderr-more-than-once]
why   = "so it is"
count = { of = ["gap", "warned"], at-most = 1 }
"""


def claims_of(corpus: Path, text: str = SPEC, side: Side = Side.PYTHON) -> Claims:
    """What the spec claims of the main program."""
    spec: Spec = load_spec(write_example(corpus, text, breaks=""))
    return make_claims(spec, spec.programs_of(side)[0], unmet=lambda _: "")


def findings(claims: Claims, stdout: bytes, stderr: bytes = b"") -> set[str]:
    """The names of what is broken, which is the same however the output is read."""
    run = Run(side=claims.program.side, program="main", toolchain="t", schedule="plain", index=0,
              ending=Exited(0), stdout=stdout, stderr=stderr)  # fmt: skip
    whole = judge_run(claims, run)
    said = parse_stderr(stderr, lambda line: claims.stderr.match(line) is not None)
    streamed = judge_stream(claims, run, lambda: BytesIO(stdout), said)
    names = {finding.property for finding in whole.findings}
    assert names == {finding.property for finding in streamed.findings}
    return names


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("stdout", "broken"),
    [
        (b"line 1\n\nline 2\n", set()),
        (b"line 1\nline 2\n", {"one-gap"}),
        (b"line 1\n\n\nline 2\n", {"one-gap"}),
        (b"\nline 1\nline 2\n", {"a-gap-between"}),
        (b"line 1\n\nline 2", {"whole-lines"}),
        (b"line 1\n\nline 2\n ", {"known-lines", "whole-lines"}),
    ],
)
def test_an_empty_line_is_an_event_as_any_other(
    tmp_path: Path, side: Side, stdout: bytes, broken: set[str]
) -> None:
    """It is counted and has its place, and what is no line is none."""
    assert broken == findings(claims_of(tmp_path, side=side), stdout)


@pytest.mark.parametrize(
    ("stderr", "broken"),
    [
        (b"\n", set()),
        (b"\nwarned?\n", {"quiet-stderr"}),
        (b"\n\n", {"none-on-stderr-more-than-once"}),
    ],
)
def test_an_empty_line_on_stderr_is_one_too(
    tmp_path: Path, stderr: bytes, broken: set[str]
) -> None:
    """Each stream has its own."""
    assert broken == findings(claims_of(tmp_path), b"line 1\n\nline 2\n", stderr)


def test_an_empty_line_that_nobody_declares_is_layout(tmp_path: Path) -> None:
    """On either stream; a line of blanks is none, and what to write is told."""
    text = edited(
        [
            ('blank  = ""\n', ""),
            ('"blank", "line', '"line'),
            (ONE_GAP, ONE_GAP.replace("blank", "line")),
        ],
        SPEC,
    )
    claims = claims_of(tmp_path, text.replace("is = 1 }", "is = 2 }"))
    assert set() == findings(claims, b"line 1\nline 2\n")
    assert set() == findings(claims, b"line 1\n\nline 2\n", b"\n")
    assert {"known-lines"} == findings(claims, b"line 1\n \nline 2\n")
    assert 'blank = ""' in nearest_miss("", claims.stdout.patterns)


def test_a_line_may_be_only_one_empty_event(tmp_path: Path) -> None:
    """Of one stream; no other pattern matches it."""
    assert overlap(BLANK, BLANK) == ""
    assert overlap(BLANK, LINE) is overlap(LINE, BLANK) is None
    text = edited([('warned = "warned"', 'warned = ""')], SPEC)
    directory = write_example(tmp_path, text, breaks="")
    said = refusal_of(directory)
    assert 'yet "" matches both "blank" and "warned"' in said


@pytest.mark.parametrize(
    ("stdout", "events", "unpaid"),
    [
        (b"line 1line 2\n\n\n", ["line", "line", "blank"], 0),
        (b"line 1line 2\n\n", ["line", "line"], 0),
        (b"line 1line 2\nline 3\n\n\n", ["line", "line", "line", "blank"], 0),
        (b"line 1line 2\n", ["line", "line"], 1),
        (b"\nline 1\n\n", ["blank", "line", "blank"], 0),
    ],
)
def test_a_torn_line_is_paid_for_first(stdout: bytes, events: list[str], unpaid: int) -> None:
    """The line break that is owed is no event, and the next empty line is."""
    trace = read_trace(stdout, Matcher([LINE, BLANK]), mend=True)
    assert events == [line.event for line in trace.lines]
    assert unpaid == trace.unpaid


def test_the_empty_lines_of_reports_are_theirs() -> None:
    """A panic may begin with one, and exceptions are chained by them."""
    panic = b"\nthread 'main' panicked at src/main.rs:1:5:\nboom\n"
    chained = (
        b"Traceback (most recent call last):\n"
        b'  File "main.py", line 1, in <module>\nKeyError: 1\n'
        b"\nDuring handling of the above exception, another exception occurred:\n\n"
        b"Traceback (most recent call last):\n"
        b'  File "main.py", line 2, in <module>\nValueError: 2\n'
    )
    for text in (panic, chained):
        said = parse_stderr(text + b"note\n\n", lambda line: not line)
        assert 1 == len(said.reports)
        assert "" in said.rest or said.reports[0].message.endswith("note")


def test_an_empty_line_is_learned() -> None:
    """As an event of its own, whose name is free."""
    events = {event.name: event.pattern for event in learn_events(["a 1", "", "blank", "a 2", ""])}
    assert "" == events["blank-2"]
    assert "blank" == events["blank"]


def test_the_renderer_and_the_reader_agree() -> None:
    """The empty event has no fields."""
    assert () == BLANK.match("")
    assert "" == BLANK.render(())
    assert BLANK.match(" ") is None
    assert ("blank", ()) == Matcher([LINE, BLANK]).recognise("")
