"""The reports for other programs: golden, valid by their own standards, broken by no text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from harness.reports.github import github, stop_commands
from harness.reports.json_lines import SCHEMA, VERSION, json_lines, read_json_lines
from harness.reports.junit import junit
from harness.reports.markdown import code, escaped, fenced, markdown
from harness.reports.matrix import matrix_lines, matrix_of
from harness.reports.styled import plain
from harness.values.errors import UsageError
from harness.values.finding import LaneRow
from harness.values.program import Side
from harness.values.report import Outcome, PropertyResult, Report, Verdict
from tests.reports_of_all_kinds import (
    FULL,
    HOSTILE_TEXTS,
    OUT_OF_ORDER,
    UNCONFIRMED,
    hostile,
    verdict,
)

GOLDEN = Path(__file__).parent / "golden"
REPORTS: dict[str, Callable[[Report], str]] = {
    "report.junit.xml": junit,
    "report.md": markdown,
    "report.github.txt": github,
    "report.jsonl": json_lines,
    "matrix.txt": lambda report: plain(matrix_lines(matrix_of(report))),
}
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
each_hostile_text = pytest.mark.parametrize(
    "text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:12])
)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_it_was_agreed(name: str) -> None:
    """Each report of everything is the golden one; ACCEPT_GOLDEN=1 takes a change over."""
    written = re.sub(r'"harness": "[^"]*"', '"harness": "0"', REPORTS[name](FULL))
    if os.environ.get("ACCEPT_GOLDEN"):
        (GOLDEN / name).write_text(written, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == written


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_verified_is_a_report_as_well(name: str) -> None:
    """The empty report can be written in every format, and holds no verdict."""
    assert "PASSED" not in REPORTS[name](Report()).replace('"PASSED": 0', "")


# --- JSON lines ---------------------------------------------------------------


@pytest.mark.parametrize("report", [Report(), FULL], ids=["empty", "full"])
def test_json_lines_come_back_as_they_went(report: Report) -> None:
    """What is read is equal to what was written."""
    assert report == read_json_lines(json_lines(report).splitlines(), "report")


@each_hostile_text
def test_json_lines_carry_any_text(text: str) -> None:
    """Any text comes back whole, and each line is ASCII and one object.

    What is no text, half of a character, comes back written out.
    """
    written = json_lines(hostile(text))
    assert written.isascii()
    text = text.encode("utf-8", "backslashreplace").decode()
    assert hostile(text) == read_json_lines(written.split("\n")[:-1], "report")


@pytest.mark.parametrize(
    "report", [Report(), FULL, hostile("\ud800 x")], ids=["empty", "full", "hostile"]
)
def test_every_line_fits_the_schema(report: Report) -> None:
    """The schema beside the module describes each line, with every field that is written."""
    for line in json_lines(report).splitlines():
        VALIDATOR.validate(json.loads(line))


@pytest.mark.parametrize(
    "line",
    [
        '{"kind": "verdict", "example": "a/b"}',
        '{"kind": "missing", "text": "x", "new": 1}',
        '{"kind": "else"}',
        '{"kind": "end", "seconds": -1, "build_seconds": 0, "outcomes": {}}',
    ],
)
def test_the_schema_refuses_what_is_no_line(line: str) -> None:
    """A field that is missing or unknown, an unknown kind, a negative time: refused."""
    assert not VALIDATOR.is_valid(json.loads(line))


def test_the_schema_names_the_version_that_is_written() -> None:
    """Schema and writer do not part."""
    schema = VALIDATOR.schema
    assert isinstance(schema, dict)
    assert VERSION == schema["$defs"]["report"]["properties"]["schema"]["const"]


def test_what_a_reader_does_not_know_is_passed_over() -> None:
    """Fields and kinds of a later harness do no harm."""
    lines = json_lines(FULL).splitlines()
    lines[3] = lines[3].replace("{", '{"later": [1], ', 1)
    assert FULL == read_json_lines([*lines[:-1], '{"kind": "later"}', lines[-1]], "report")


HEAD, *_, END = json_lines(Report()).splitlines()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "r.json: the report is empty: whoever was to write it was ended first"),
        (["{}"], "r.json:1: expected a report that --report json=r.json wrote"),
        ([HEAD], 'r.json: the report was cut off: its last line is no "end"'),
        (
            [HEAD.replace('"schema": 1', '"schema": 7'), END],
            "r.json:1: a report of version 7; this harness reads 1",
        ),
        ([HEAD, "[]", END], "r.json:2: expected an object of JSON"),
        (
            [HEAD, "[" * 100_000, END],
            "r.json:2: expected an object of JSON, found one too deep",
        ),
        (
            [HEAD, '{"kind": "end", "seconds": NaN}'],
            "r.json:2: expected an object of JSON: NaN is no number",
        ),
        (
            [HEAD, END, HEAD, END],
            'r.json:2: a second report; give each a file, and "harness merge" them all',
        ),
        (
            [HEAD.replace('"shards": []', '"shards": [{"index": 9, "count": 3}]'), END],
            "r.json:1: report: expected shards from 1 to their count, at most 999999",
        ),
        (
            [
                HEAD,
                '{"kind": "toolchain", "side": "rust", "label": "", "version": "x", "program": ""}',
                END,
            ],
            "r.json:2: toolchain: no version: 'x'",
        ),
        (
            [HEAD, '{"kind": "verdict", "example": 3}', END],
            'r.json:2: verdict: the key "outcome" is missing',
        ),
        (
            [HEAD, '{"kind": "missing", "text": 3}', END],
            "r.json:2: missing: text: expected str, found 3",
        ),
        (
            [
                HEAD,
                '{"kind": "toolchain", "side": "both", "label": "", "version": "", "program": ""}',
                END,
            ],
            "r.json:2: toolchain: side: 'both' is not a valid Side",
        ),
    ],
)
def test_what_is_no_report_is_refused(lines: list[str], message: str) -> None:
    """Each kind of damage is told with file, line and what is wrong."""
    with pytest.raises(UsageError) as caught:
        read_json_lines(lines, "r.json")
    assert message == str(caught.value)


def test_a_line_that_is_no_json_is_refused_with_its_number() -> None:
    """The place is told, and what the parser found."""
    with pytest.raises(UsageError, match=r"^r\.json:2: expected an object of JSON: "):
        read_json_lines([HEAD, '{"kind": ', END], "r.json")


# --- JUnit ----------------------------------------------------------------------


@each_hostile_text
def test_junit_stays_xml(text: str) -> None:
    """Whatever a program prints, the document can be parsed, has all cases, and is not huge."""
    written = junit(hostile(text))
    root = ET.fromstring(written.encode())
    assert 3 == len(root.findall("testsuite[@name!='harness']/testcase"))
    assert len(written) < 1_000_000


def test_junit_counts_what_it_holds() -> None:
    """The totals are those of the cases."""
    root = ET.fromstring(junit(FULL).encode())
    totals = {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert {"tests": "9", "failures": "2", "errors": "3", "skipped": "3"} == totals


def test_junit_has_a_case_for_each_property() -> None:
    """And one for what is wrong beside them; each says what became of it on its side."""
    held = PropertyResult(name="in-turn", family="order", status="held", runs=20)
    unseen = replace(held, name="overlaps", status="not-seen", reason="not seen in 20 runs")
    broken = replace(held, name="join-comes-first", status="broke")
    one = verdict(
        "life-cycle/join", Side.RUST, "stable", Outcome.FAILED, seconds=2.5,
        properties=(held, unseen, broken),
        findings=(OUT_OF_ORDER, replace(OUT_OF_ORDER, property="known-lines")),
        unconfirmed=(replace(UNCONFIRMED, property="in-turn"),),
    )  # fmt: skip
    (suite,) = ET.fromstring(junit(Report(verdicts=(one,))).encode())
    told = {case.get("name"): [child.tag for child in case] for case in suite}
    assert {
        "rust stable: in-turn": ["skipped"],
        "rust stable: overlaps": ["skipped"],
        "rust stable: join-comes-first": ["failure"],
        "rust stable: known-lines": ["failure"],
    } == told
    assert ["2.500", "0.000", "0.000", "0.000"] == [case.get("time") for case in suite]


@pytest.mark.parametrize("outcome", Outcome)
def test_junit_fails_if_the_side_does(outcome: Outcome) -> None:
    """Though no property is to blame: a side that is bad has a case that is."""
    held = PropertyResult(name="in-turn", family="order", status="held", runs=20)
    one = verdict("life-cycle/join", Side.RUST, "stable", outcome, properties=(held,))
    root = ET.fromstring(junit(Report(verdicts=(one,))).encode())
    assert outcome.is_bad == bool(int(root.get("failures", "0")) + int(root.get("errors", "0")))


# --- GitHub ---------------------------------------------------------------------


@each_hostile_text
def test_annotations_are_one_line_each(text: str) -> None:
    """No text begins a command of its own: each line is one of ours, and of a bearable length."""
    lines = github(hostile(text)).split("\n")[:-1]
    kinds = ["error", "warning", "warning", "notice", "notice", "warning", "error"]
    assert kinds == [line[2:].split(" ")[0] for line in lines]
    assert all(
        re.match(r"::(error|warning|notice) title=[^:\r\n]*::[^\r\n]*$", line) for line in lines
    )
    assert all(len(line) < 50_000 for line in lines)


def test_annotations_stand_where_the_property_is_declared() -> None:
    """A broken property is shown on its line of the spec, what does not compile on the source's."""
    places = re.findall(r"file=([^,:]+,line=\d+)", github(FULL))
    spec = "examples/gil/contention/example.toml"
    assert [
        "examples/life-cycle/join/example.toml,line=12",
        *[f"{spec},line=1"] * 3,
        "examples/gil/contention/src/main.rs,line=7",
    ] == places


def test_a_deadlock_is_annotated_where_a_thread_stands() -> None:
    """In the program, where something is to be changed; in the spec, if nobody knows better."""
    standing = LaneRow(line=0, thread=1, text="", stands="waits for main at src/main.rs:14")
    stuck = replace(OUT_OF_ORDER, lanes=(*OUT_OF_ORDER.lanes, standing))
    early = LaneRow(line=2, thread=0, text="done", spurious=(0,), places=("main.py:9",))
    woken = replace(OUT_OF_ORDER, lanes=(early,))
    elsewhere = LaneRow(line=2, thread=0, text="", stands="waits at /usr/lib/threading.py:9")
    away = replace(OUT_OF_ORDER, lanes=(elsewhere,))
    one = verdict(
        "life-cycle/join", Side.RUST, "stable", Outcome.FAILED, findings=(stuck, woken, away)
    )
    report = Report(verdicts=(one,), directories={"life-cycle/join": "here"})
    assert ["here/src/main.rs,line=14", "here/main.py,line=9", "here/example.toml,line=12"] == (
        re.findall(r"file=([^,:]+,line=\d+)", github(report))
    )


def test_commands_are_stopped_by_a_word_that_nobody_can_guess() -> None:
    """What is printed between the two lines is no command."""
    assert ("::stop-commands::t0ken\n", "::t0ken::\n") == stop_commands("t0ken")


# --- Markdown -------------------------------------------------------------------


@each_hostile_text
def test_markdown_keeps_text_in_its_fences(text: str) -> None:
    """What stands outside of fences and code spans is ours, whatever a program prints."""
    written = markdown(hostile(text))
    outside = _outside_of_code(written)
    assert "owned" not in outside
    assert "<script" not in outside
    assert "\n# heading" not in outside
    assert 2 == outside.count("</details>")
    assert len(written) < 1_000_000


def _outside_of_code(text: str) -> str:
    """The text without its fenced blocks and code spans, as CommonMark delimits them."""
    fenced_out = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", fenced_out)


def test_markdown_says_what_there_was_no_room_for() -> None:
    """A job's summary is limited: what does not fit is counted."""
    written = markdown(FULL, limit=1_700)
    assert re.search(r"… and \d more, for which there was no room\.\n", written)
    assert len(written) < 1_800


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a``", "``` `a`` ```"), ("", "` `"), ("a\nb", "`a b`")],
)
def test_a_code_span_holds_any_text(given: str, expected: str) -> None:
    """The delimiter is longer than any run of backticks within."""
    assert expected == code(given)


def test_a_fence_is_longer_than_what_it_holds() -> None:
    """A fence in a program's text does not close ours."""
    assert "`````text\na\n````\nb\n`````\n" == fenced("a\n````\nb\n")


def test_names_are_no_markup() -> None:
    """Characters that Markdown reads are written out."""
    assert r"a\_b \<b\> \|" == escaped("a_b <b> |")


def test_outcomes_of_one_side_need_no_matrix_of_their_own() -> None:
    """One toolchain a side is told by the list of verdicts; two are worth a matrix."""
    one = Report(
        verdicts=(
            Verdict(example="a/b", side=Side.PYTHON, toolchain="3.9", outcome=Outcome.PASSED),
        )
    )
    assert [False, True] == [matrix_of(each).is_worth_showing for each in (one, FULL)]
