"""harness merge: the JSON reports of shards, machines and toolchains → one report."""

from __future__ import annotations

import click

from harness.commands.reporting import (
    Target,
    exit_code_of,
    prepare_reporting,
    read_report,
    report_option,
)
from harness.commands.shared import colour_option, wants_colour
from harness.errors import ExitCode
from harness.merging import merge_reports
from harness.reports.terminal import Terminal
from harness.reports.text import BAD, PLAIN
from harness.sharding import missing_shards


@click.command("merge")
@click.argument("files", metavar="REPORT...", nargs=-1, required=True)
@report_option
@colour_option
def command(*, files: tuple[str, ...], targets: tuple[Target, ...], colour: bool | None) -> int:
    """Merge what "harness verify --report json=REPORT" wrote into one report and one matrix.

    A REPORT of - is stdin. Ends as "harness verify" would have, and with 1
    if a shard is missing.
    """
    report = merge_reports([read_report(file) for file in files])
    missing = missing_shards(report.shards)
    reporting = prepare_reporting(targets)
    terminal = Terminal(colour=wants_colour(colour), out=reporting.out)
    with reporting:
        terminal.finish(report)
        terminal.write([((BAD, "not whole: "), (PLAIN, line)) for line in missing])
    reporting.write(report)
    return exit_code_of(report) or (ExitCode.FAILED if missing else ExitCode.OK)
