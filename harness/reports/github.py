"""The report as annotations of GitHub Actions: an error on the program's line, or the spec's.

On the program's where a finding tells one: what does not compile, where a thread
of a deadlock stands, which wait ended early; else where the broken property is declared.

What broke and does not count is a warning, and how runs were made a notice.

Format: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.reports.findings import finding_lines
from harness.reports.notes import notes_in_words
from harness.reports.styled import plain
from harness.values.finding import Finding
from harness.values.report import Outcome, Report, Verdict
from harness.values.words import shortened, visible

MAX_CHARACTERS = 4_000
"""Of one annotation's message; GitHub cuts what is longer."""

SPEC_FILE = "example.toml"

_IN_A_PROGRAM = re.compile(r"(?<![\w/.])(?P<file>\w[\w/.-]*\.(?:py|rs)):(?P<line>\d+)")


def github(report: Report) -> str:
    """A workflow command for each finding, inconclusive verdict, note, gap, and fault of ours."""
    return "".join(f"{command}\n" for command in _commands(report))


def stop_commands(token: str) -> tuple[str, str]:
    """The lines between which nothing that is printed is taken for a workflow command."""
    return f"::stop-commands::{token}\n", f"::{token}::\n"


def _commands(report: Report) -> Iterator[str]:
    """A workflow command for each thing that is wrong, or that a reader should know."""
    for verdict in report.verdicts:
        directory = report.directories.get(verdict.example, "")
        for finding in verdict.findings:
            yield _annotate("error", verdict, finding, directory)
        for finding in verdict.unconfirmed:
            yield _annotate("warning", verdict, finding, directory)
        if verdict.outcome is Outcome.INCONCLUSIVE:
            place = _place(directory, SPEC_FILE, 1)
            yield _command("warning", verdict.reason, title=_title(verdict, "not seen"), **place)
    for note in notes_in_words(report):
        yield _command("notice", note, title="how runs were made")
    for gap in report.gaps:
        yield _command("error", gap, title="the report is not whole")
    for missing in report.missing:
        yield _command("warning", missing, title="toolchain not used")
    for fault in report.faults:
        yield _command("error", fault, title="a fault of the harness itself")


def _annotate(name: str, verdict: Verdict, finding: Finding, directory: str) -> str:
    """A finding as an annotation of the line that it is about: of the program, else of the spec."""
    text = plain(finding_lines(verdict, finding))
    file, line = _where(finding)
    title = _title(verdict, finding.property)
    return _command(name, text, title=title, **_place(directory, file, line))


def _where(finding: Finding) -> tuple[str, int]:
    """The file of the example, and the line in it, that a finding is about."""
    if finding.place is not None:
        return finding.place.file, finding.place.line
    told = (text for row in finding.lanes for text in (row.stands, *row.places))
    at = next(filter(None, map(_IN_A_PROGRAM.search, told)), None)
    return (at["file"], int(at["line"])) if at else (SPEC_FILE, finding.line or 1)


def _title(verdict: Verdict, what: str) -> str:
    return f"{verdict.example} · {verdict.side.value} {verdict.toolchain}: {what}"


def _place(directory: str, file: str, line: int) -> dict[str, str]:
    return {"file": f"{directory}/{file}", "line": str(line)} if directory else {}


def _command(name: str, message: str, **properties: str) -> str:
    listed = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_escape(visible(message[:MAX_CHARACTERS]).rstrip())}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(shortened(text)).replace(":", "%3A").replace(",", "%2C")
