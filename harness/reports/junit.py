"""The report as JUnit XML: a suite for each example, a case for each side and toolchain.

JUnit knows no more than failures, errors and skips: what timed out is a
failure, and what is inconclusive is skipped, with its reason. How runs were
made is in the output of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from harness.reports.matrix import reason_of
from harness.reports.notes import notes_in_words
from harness.reports.text import explanation_lines, plain
from harness.values.report import Outcome, Report, Verdict
from harness.values.words import visible

MAX_CHARACTERS = 100_000
"""Of the text of one case that is written."""

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {
    Outcome.FAILED: "failure",
    Outcome.TIMED_OUT: "failure",
    Outcome.ERRORED: "error",
    Outcome.SKIPPED: "skipped",
    Outcome.INCONCLUSIVE: "skipped",
}


def junit(report: Report) -> str:
    """The whole report as one XML document."""
    root = ET.Element("testsuites", name="harness verify", time=f"{report.seconds:.3f}")
    for example, verdicts in groupby(report.verdicts, lambda verdict: verdict.example):
        _add_suite(root, example, list(verdicts))
    _add_errors(root, "fault", "a fault of the harness itself", report.faults)
    _add_errors(root, "gap", "the report is not whole", report.gaps)
    _sum_up(root, list(root))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_suite(root: ET.Element, example: str, verdicts: list[Verdict]) -> None:
    seconds = sum(verdict.seconds for verdict in verdicts)
    suite = ET.SubElement(root, "testsuite", name=example, time=f"{seconds:.3f}")
    for verdict in verdicts:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=_safe(example),
            name=_safe(f"{verdict.side.value} {verdict.toolchain}"),
            time=f"{verdict.seconds:.3f}",
        )
        _add_outcome(case, verdict)
        if notes := notes_in_words(Report(verdicts=(verdict,))):
            ET.SubElement(case, "system-out").text = _safe("".join(f"{n}\n" for n in notes))
    _count(suite)


def _add_outcome(case: ET.Element, verdict: Verdict) -> None:
    tag = _TAGS.get(verdict.outcome)
    if tag is None:
        return
    outcome = ET.SubElement(case, tag, message=_safe(reason_of(verdict)))
    if verdict.outcome is not Outcome.SKIPPED:
        outcome.set("type", verdict.outcome.value)
    outcome.text = _safe(plain(explanation_lines(verdict))) or None


def _add_errors(root: ET.Element, kind: str, message: str, texts: Iterable[str]) -> None:
    """A suite of cases that are no examples: each of them is an error."""
    cases = [(f"{kind} {number}", text) for number, text in enumerate(texts, 1)]
    if not cases:
        return
    suite = ET.SubElement(root, "testsuite", name="harness")
    for name, text in cases:
        case = ET.SubElement(suite, "testcase", classname="harness", name=name)
        ET.SubElement(case, "error", message=message, type=kind).text = _safe(text)
    _count(suite)


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))


def _sum_up(root: ET.Element, suites: list[ET.Element]) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in suites)))


def _safe(text: str) -> str:
    """The text without what no XML document may hold, and not too long."""
    return _NOT_IN_XML.sub("\ufffd", visible(text[:MAX_CHARACTERS]))
