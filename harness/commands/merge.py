"""harness merge: the JSON reports of shards, machines and toolchains → one report."""

from __future__ import annotations

from collections.abc import Iterable

import click

from harness.commands.reporting import (
    ReportTarget,
    exit_code_of,
    prepare_reporting,
    read_report,
    report_option,
)
from harness.commands.shared import colour_option, wants_colour
from harness.reports.json_lines import json_lines, read_json_lines
from harness.reports.merging import merge_reports
from harness.reports.terminal import Terminal
from harness.values.errors import UsageError
from harness.values.report import Report


@click.command("merge")
@click.argument("files", metavar="REPORT...", nargs=-1, required=True)
@report_option
@colour_option
def command(
    *, files: tuple[str, ...], targets: tuple[ReportTarget, ...], colour: bool | None
) -> int:
    """Merge what "harness verify --report json=REPORT" wrote into one report and one matrix.

    A REPORT of - is stdin. Ends as "harness verify" would have, and with 1
    if a shard is missing, or one of several reports cannot be read: what
    there is, is told all the same, and that it is not the whole.
    """
    report = _merged(files)
    reporting = prepare_reporting(targets)
    terminal = Terminal(colour=wants_colour(colour), out=reporting.out)
    with reporting:
        terminal.finish(report)
    reporting.write(report)
    return exit_code_of(report)


def _merged(files: Iterable[str]) -> Report:
    """One report of all that can be read; raises UsageError if that is none.

    It is read as it will be written: whoever merges it again shall not be the first to look.
    """
    reports: list[Report] = []
    unread: list[str] = []
    for file in files:
        try:
            reports.append(read_report(file))
        except UsageError as error:
            unread.append(str(error))
    if not reports:
        raise UsageError("\n".join(unread))
    merged = merge_reports(reports, unread)
    return read_json_lines(json_lines(merged).splitlines(), "the merged report")
