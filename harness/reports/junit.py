"""The report as JUnit XML: a suite for each example, a case for each property of each side.

What is wrong beside the properties (another line, an exit code, what does not
build) has a case of its own, and so has a side that was not run. JUnit knows no
more than failures, errors and skips: what timed out is a failure, and what was
not seen, or does not count, is skipped, with its reason. All properties of a
side share its runs: how long these took, and how they were made, stands with
the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree as ET

from harness.reports.findings import finding_lines
from harness.reports.matrix import reason_of
from harness.reports.notes import notes_in_words
from harness.reports.styled import plain
from harness.reports.text import explanation_lines, observation_lines, proof_of
from harness.values.report import Outcome, PropertyResult, Report, Verdict
from harness.values.words import shortened, visible

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
    """A suite for an example; what was noted stands with the first case of each verdict."""
    seconds = sum(verdict.seconds for verdict in verdicts)
    suite = ET.SubElement(root, "testsuite", name=_safe(example), time=f"{seconds:.3f}")
    for verdict in verdicts:
        notes = "".join(f"{note}\n" for note in notes_in_words(Report(verdicts=(verdict,))))
        notes += f"{proof}\n" if (proof := proof_of(verdict)) else ""
        notes += plain(observation_lines(verdict))
        for number, case in enumerate(_cases(verdict)):
            element = _add_case(suite, verdict, case, 0.0 if number else verdict.seconds)
            if notes and not number:
                ET.SubElement(element, "system-out").text = _safe(notes)
    _count(suite)


@dataclass(frozen=True, slots=True)
class _Case:
    """One case of a side: of a property, or of the side as a whole if it has no name."""

    name: str
    tag: str = ""
    message: str = ""
    type: str = ""
    text: str = ""


def _cases(verdict: Verdict) -> Iterator[_Case]:
    """All that is told of a side; some case fails if and only if the side does."""
    if not verdict.properties:
        yield _whole(verdict)
        return
    properties = {result.name: result for result in verdict.properties}
    others = (found.property for found in (*verdict.findings, *verdict.unconfirmed))
    names = dict.fromkeys((*properties, *others))
    cases = [_case(verdict, name, properties.get(name)) for name in names]
    yield from cases
    if verdict.outcome.is_bad and not any(case.tag in ("failure", "error") for case in cases):
        yield _whole(verdict)


def _whole(verdict: Verdict) -> _Case:
    """The case of a verdict as a whole, for what is no property's."""
    tag = _TAGS.get(verdict.outcome, "")
    type_ = "" if verdict.outcome is Outcome.SKIPPED else verdict.outcome.value
    text = plain(explanation_lines(verdict)) if tag else ""
    return _Case("", tag, reason_of(verdict), type_, text)


def _case(verdict: Verdict, name: str, result: PropertyResult | None) -> _Case:
    """The case of one property.

    What does not count, or does not apply, is skipped with its reason.
    """
    found = [finding for finding in verdict.findings if finding.property == name]
    doubtful = [finding for finding in verdict.unconfirmed if finding.property == name]
    text = "".join(plain(finding_lines(verdict, finding)) for finding in (*found, *doubtful))
    if found:
        tag = "error" if verdict.outcome is Outcome.ERRORED else "failure"
        return _Case(name, tag, found[0].violation.message, verdict.outcome.value, text)
    if doubtful:
        return _Case(name, "skipped", doubtful[0].violation.message, "unconfirmed", text)
    if result is not None and result.status != "held":
        return _Case(name, "skipped", result.reason or result.status, result.status)
    return _Case(name)


def _add_case(suite: ET.Element, verdict: Verdict, case: _Case, seconds: float) -> ET.Element:
    """A test case, with a failure, an error or a reason to be skipped below it if there is one."""
    side = f"{verdict.side.value} {verdict.toolchain}"
    name = f"{side}: {case.name}" if case.name else side
    element = ET.SubElement(
        suite,
        "testcase",
        classname=_safe(verdict.example),
        name=_safe(name),
        time=f"{seconds:.3f}",
    )
    if case.tag:
        outcome = ET.SubElement(element, case.tag, message=_safe(shortened(case.message)))
        if case.type:
            outcome.set("type", case.type)
        outcome.text = _safe(case.text) or None
    return element


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
    """Readers of this format believe the numbers at the top, and do not count."""
    suite.set("tests", str(len(suite)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))


def _sum_up(root: ET.Element, suites: list[ET.Element]) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in suites)))


def _safe(text: str) -> str:
    """The text without what no XML document may hold, and not too long."""
    return _NOT_IN_XML.sub("\ufffd", visible(text[:MAX_CHARACTERS]))
