"""harness audit: prove that every check of the examples can fail."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
from click.core import ParameterSource

from harness.bench.options import Options
from harness.commands.mutate import report_lines, trial_lines
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    default_toolchains,
    server_option,
    side_option,
    sides_in,
    sides_of,
    state_option,
    wants_colour,
)
from harness.commands.writing import check_writable
from harness.language.declarations import Spec
from harness.machine.cores import allowed_cores
from harness.proof.audit import AuditReport, audit
from harness.proof.audit.figures import figures_of
from harness.proof.audit.results import ExampleAudit
from harness.proof.audit.text import (
    detail_lines,
    example_line,
    finding_lines,
    note_lines,
    summary_lines,
)
from harness.proof.mutants import TriedMutant, try_mutants, trying
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode

DEFAULT_RUNS = 16
DEFAULT_SCHEDULES = 60


@click.command("audit")
@sandbox_option
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@click.option("--runs", type=click.IntRange(1), default=DEFAULT_RUNS, show_default=True,
              help="Plain runs of each variant at most.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES, show_default=True,
              help="Controlled schedules of each variant at most.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=None,
              help="Runs at once; by default one a core.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True,
              help="Where seeded schedules start.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="Write the figures to this file too.")  # fmt: skip
@click.option("--mutate", is_flag=True,
              help="Try undeclared mutants of the programs, too (see harness mutate).")  # fmt: skip
@server_option
@state_option
@colour_option
@click.option("-v", "--verbose", is_flag=True, help="What each control broke, and what kills what.")
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    runs: int,
    schedules: int,
    jobs: int | None,
    seed: int,
    json_file: Path | None,
    mutate: bool,
    state_dir: Path,
    colour: bool | None,
    verbose: bool,
) -> int:
    """Break the examples that SELECT means in every declared way, and see that it is noticed.

    Each control is built and run until it has broken every property that it
    names; recorded traces are mutated, and each mutant must be refused; what
    the declared order allows must pass.
    """
    if json_file is not None:
        check_writable("--json", json_file)
    specs = chosen_specs(select, corpus)
    terminal = Terminal(colour=wants_colour(colour), live=sys.stdout.isatty())
    options = Options(
        runs=runs,
        schedules=schedules,
        jobs=jobs or allowed_cores(),
        sides=sides_of(side),
        seed=seed,
        state=state_dir,
        progress=terminal,
    )

    def tell(example: ExampleAudit) -> None:
        terminal.write([example_line(example)])
        if verbose:
            terminal.write(detail_lines(example))

    toolchains = default_toolchains(sides_in(specs, options.sides))
    with closing(terminal):
        report = audit(specs, toolchains, options, tell)
    terminal.write(finding_lines(report))
    terminal.write(note_lines(report))
    terminal.write(summary_lines(report))
    if json_file is not None:
        _write_figures(report, json_file)
    survivors = _mutate(specs, options, terminal) if mutate else False
    if report.findings or survivors:
        return ExitCode.FAILED
    return ExitCode.OK if report.examples else ExitCode.NOTHING_SELECTED


def _mutate(specs: Sequence[Spec], options: Options, terminal: Terminal) -> bool:
    """Try the undeclared mutants, with the runs that were asked for; whether anything is amiss."""
    terminal = Terminal(colour=terminal.has_colour, live=sys.stdout.isatty())
    wanted = replace(
        options,
        progress=terminal,
        runs=options.runs if _is_given("runs") else trying.DEFAULT_RUNS,
        schedules=options.schedules if _is_given("schedules") else trying.DEFAULT_SCHEDULES,
    )

    def tell(trial: TriedMutant) -> None:
        terminal.write(trial_lines(trial))

    with closing(terminal):
        report = try_mutants(specs, default_toolchains(sides_in(specs)), wanted, tell)
    terminal.write(report_lines(report))
    return report.has_failed


def _is_given(option: str) -> bool:
    """Whether an option was written in the command, not taken from its default."""
    source = click.get_current_context().get_parameter_source(option)
    return source is ParameterSource.COMMANDLINE


def _write_figures(report: AuditReport, path: Path) -> None:
    text = json.dumps(figures_of(report), indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
