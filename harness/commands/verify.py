"""harness verify: build and run both sides of the examples, and judge what they print."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    default_toolchains,
    side_option,
    sides_of,
    state_option,
    wants_colour,
)
from harness.errors import ExitCode
from harness.model import Report
from harness.options import DEFAULT_RUNS, DEFAULT_SCHEDULES, Options, allowed_cores
from harness.reports.terminal import Terminal
from harness.runner import verify


@click.command("verify")
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@click.option("--runs", type=click.IntRange(1), default=DEFAULT_RUNS, show_default=True,
              help="Runs of each program that the system schedules.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES, show_default=True,
              help="Controlled schedules of each program.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=None,
              help="Runs at once; by default one a core.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0, 3600, min_open=True), default=None,
              help="Seconds that a run may take, whatever its spec says.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Where seeded schedules start.")
@click.option("--fail-fast/--keep-going", default=False, help="Whether to stop at the first failure.")
@state_option
@colour_option
@click.option("-v", "--verbose", is_flag=True, help="What each property came to.")
@click.option("-q", "--quiet", is_flag=True, help="Only what is wrong, and the summary.")
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    runs: int,
    schedules: int,
    jobs: int | None,
    timeout: float | None,
    seed: int,
    fail_fast: bool,
    state_dir: Path,
    colour: bool | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Build and run the examples that SELECT means, and judge what they print.

    SELECT is a name, topic/name, a topic, a glob of these, or a directory of
    examples; without it, all below examples/.
    """
    specs = chosen_specs(select, corpus)
    options = Options(
        runs=runs,
        schedules=schedules,
        jobs=jobs or allowed_cores(),
        timeout_seconds=timeout,
        sides=sides_of(side),
        seed=seed,
        fail_fast=fail_fast,
        state=state_dir,
    )
    terminal = Terminal(
        verbosity=int(verbose) - int(quiet),
        colour=wants_colour(colour),
        live=sys.stdout.isatty() and not quiet,
    )
    try:
        report = verify(specs, default_toolchains(options.sides), options, terminal.tell)
    finally:
        terminal.close()
    terminal.finish(report)
    return exit_code_of(report)


def exit_code_of(report: Report) -> ExitCode:
    """How ``verify`` ends: a fault of ours first, then what failed."""
    if report.faults:
        return ExitCode.FAULT
    if any(verdict.outcome.is_bad for verdict in report.verdicts):
        return ExitCode.FAILED
    return ExitCode.OK
