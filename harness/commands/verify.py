"""harness verify: build and run both sides of the examples, and judge what they print."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, product
from pathlib import Path

import click

from harness.bench.options import DEFAULT_RUNS, DEFAULT_SCHEDULES, Options
from harness.bench.verifying import verify
from harness.commands.clustered import Clustered, cluster_options
from harness.commands.reporting import ReportTarget, exit_code_of, prepare_reporting, report_option
from harness.commands.sandboxing import sandbox_option
from harness.commands.selecting import (
    Selection,
    ShardSetting,
    changed_option,
    choose_examples,
    shard_option,
    times_option,
)
from harness.commands.shared import (
    colour_option,
    corpus_option,
    every_line_option,
    server_option,
    side_option,
    sides_in,
    sides_of,
    state_option,
    tell_faults,
    toolchain_options,
    wants_colour,
)
from harness.language.declarations import SPEC_FILE, Spec
from harness.language.discovery import SpecFault, by_corpus
from harness.machine.cores import allowed_cores
from harness.machine.toolchains import ToolchainRequest, choose_toolchains
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode, HarnessError
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.program import Side
from harness.values.report import Outcome, Report, RunEvent, Shard, SideFinished, Verdict
from harness.values.toolchain import Place, Toolchain


class SecondsType(click.FloatRange):
    """Seconds up to an hour; what is no number is not less than nought, and none either."""

    def __init__(self) -> None:
        super().__init__(0, 3600, min_open=True)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds."""
        seconds: float = super().convert(value, param, ctx)  # type: ignore[arg-type]
        if math.isnan(seconds):
            self.fail(f"{value} is not in the range 0<x<=3600.", param, ctx)
        return seconds


@click.command("verify")
@sandbox_option
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@toolchain_options
@click.option("--runs", type=click.IntRange(1), default=DEFAULT_RUNS, show_default=True,
              help="Runs of each program that the system schedules.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES, show_default=True,
              help="Controlled schedules of each program.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=None,
              help="Runs at once; by default as many as keep the cores busy.")  # fmt: skip
@click.option("--timeout", type=SecondsType(), default=None,
              help="Seconds that a run may take, whatever its spec says.")  # fmt: skip
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Where seeded schedules start."
)
@click.option(
    "--fail-fast/--keep-going", default=False, help="Whether to stop at the first failure."
)
@shard_option
@times_option
@changed_option
@report_option
@cluster_options
@every_line_option
@server_option
@state_option
@colour_option
@click.option("-v", "--verbose", is_flag=True, help="What each property came to.")
@click.option("-q", "--quiet", is_flag=True, help="Only what is wrong, and the summary.")
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    wanted: ToolchainRequest,
    runs: int,
    schedules: int,
    jobs: int | None,
    timeout: float | None,
    seed: int,
    fail_fast: bool,
    every_line: bool,
    shard: Shard | None,
    times: str,
    changed: str | None,
    targets: tuple[ReportTarget, ...],
    state_dir: Path,
    colour: bool | None,
    verbose: bool,
    quiet: bool,
    clustered: Clustered | None,
) -> int:
    """Build and run the examples that SELECT means, and judge what they print.

    SELECT is a name, topic/name, a topic, a glob of these, or a directory of
    examples; without it, all below examples/.
    """
    options = Options(
        runs=runs,
        schedules=schedules,
        jobs=jobs or allowed_cores(),
        packs=jobs is None,
        timeout_seconds=timeout,
        sides=sides_of(side),
        seed=seed,
        fail_fast=fail_fast,
        every_line=every_line,
        state=state_dir,
    )
    choosing = choose_toolchains if clustered is None else clustered.choose
    choose = cache(lambda sides: choosing(wanted, sides))
    selection = choose_examples(
        select,
        corpus,
        changed=changed,
        shard=shard,
        under=ShardSetting(lambda: choose(options.sides).toolchains, times),
    )
    # A part of the examples is verified like the whole, also where it has one side only.
    chosen = choose(options.sides if shard else _sides_of(selection, options))
    reporting = prepare_reporting(targets)
    terminal = Terminal(
        verbosity=int(verbose) - int(quiet),
        colour=wants_colour(colour),
        live=reporting.out is sys.stdout and sys.stdout.isatty() and not quiet,
        out=reporting.out,
    )
    terminal.fit(spec.id for spec in selection.specs)
    report = Report(
        toolchains=chosen.toolchains,
        missing=chosen.missing,
        shards=(selection.shard,) if selection.shard else (),
        directories=selection.directories,
    )
    tell_faults(selection.faults)
    finished: list[Verdict] = []
    try:
        with reporting:
            report = _verify(selection, report, options, terminal, finished, clustered)
            terminal.finish(report)
    except (HarnessError, KeyboardInterrupt) as error:
        gap = str(error) or "interrupted before the end"
        reporting.write(replace(report, verdicts=tuple(finished), gaps=(gap,)))
        raise
    reporting.write(report)
    if selection.faults and not selection.specs:
        return ExitCode.USAGE
    return exit_code_of(report)


def _sides_of(selection: Selection, options: Options) -> tuple[Side, ...]:
    """The sides that are wanted and there."""
    if selection.faults:
        return tuple(side for side in options.sides if side in selection.sides) or options.sides
    return sides_in(selection.specs, options.sides)


def _errored(faults: Iterable[SpecFault], toolchains: Iterable[Toolchain]) -> Iterator[Verdict]:
    """The verdicts on examples whose specs cannot be taken: nothing can be said of them."""
    for fault, toolchain in product(faults, toolchains):
        if toolchain.side in fault.sides:
            finding = Finding(
                property="spec",
                why=say("spec.why"),
                violation=Violation(
                    message=say("spec.mend"),
                    expected=say("spec.as-described", file=SPEC_FILE),
                    found=fault.message,
                ),
                side=toolchain.side,
                toolchain=toolchain.label,
                line=fault.line if fault.file == SPEC_FILE else 0,
                place=None if fault.file == SPEC_FILE else Place(file=fault.file, line=fault.line),
            )
            yield Verdict(
                example=fault.example,
                side=toolchain.side,
                toolchain=toolchain.label,
                outcome=Outcome.ERRORED,
                findings=(finding,),
            )


def _in_turn(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[RunEvent], None],
) -> Report:
    """Corpus by corpus: what a later one has to build delays no verdict on an earlier one."""
    found: list[Report] = []
    for _, own in by_corpus(specs):
        found.append(verify(own, toolchains, options, tell))
        if options.fail_fast and any(verdict.outcome.is_bad for verdict in found[-1].verdicts):
            break
    return replace(
        found[0],
        verdicts=tuple(chain.from_iterable(each.verdicts for each in found)),
        faults=tuple(chain.from_iterable(each.faults for each in found)),
        notes=tuple(dict.fromkeys(chain.from_iterable(each.notes for each in found))),
        seconds=sum(each.seconds for each in found),
        build_seconds=sum(each.build_seconds for each in found),
    )


def _verify(
    selection: Selection,
    report: Report,
    options: Options,
    terminal: Terminal,
    finished: list[Verdict],
    clustered: Clustered | None,
) -> Report:
    """The report on the selection; where that is empty, without building anything.

    Verdicts are in ``finished`` as soon as they are there: an interruption loses none.
    """

    def tell(event: RunEvent) -> None:
        if isinstance(event, SideFinished):
            finished.append(event.verdict)
        terminal.tell(event)

    try:
        errored = tuple(_errored(selection.faults, report.toolchains))
        for verdict in errored:
            tell(SideFinished(verdict=verdict))
        if not selection.specs:
            return replace(report, verdicts=errored)
        found = _verifying(clustered)(selection.specs, report.toolchains, options, tell)
    finally:
        terminal.close()
    return replace(
        found,
        verdicts=(*errored, *found.verdicts),
        missing=report.missing,
        shards=report.shards,
        directories=report.directories,
    )


_Verifying = Callable[
    [Sequence[Spec], Sequence[Toolchain], Options, Callable[[RunEvent], None]], Report
]


def _verifying(clustered: Clustered | None) -> _Verifying:
    """What verifies: this machine, or a cluster."""
    if clustered is None:
        return _in_turn
    from harness.cluster.verifying import verify_on  # noqa: PLC0415 - only where it is asked for

    def verify_there(
        specs: Sequence[Spec],
        toolchains: Sequence[Toolchain],
        options: Options,
        tell: Callable[[RunEvent], None],
    ) -> Report:
        with clustered.begun(specs, toolchains, options) as journal:
            return verify_on(clustered.cluster, journal, specs, toolchains, options, tell)

    return verify_there
