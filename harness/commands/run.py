"""harness run: run one example as a reader would, and judge that run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from harness.bench.doubts import unexplored
from harness.bench.lab import Lab, open_lab
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides
from harness.bench.recording import open_recorder
from harness.bench.subject import Request
from harness.bench.trial import Judged, Trial
from harness.commands.completion import complete_example
from harness.commands.lanes import LiveLanes, final_rows
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import (
    colour_option,
    corpus_option,
    one_spec,
    races_option,
    server_option,
    side_option,
    sides_in,
    sides_of,
    state_option,
    toolchain_options,
    wants_colour,
)
from harness.judging.verdict import conclude
from harness.language.declarations import Spec
from harness.machine.toolchains import ToolchainRequest, choose_toolchains
from harness.reports.styled import FAINT, STRONG, TextLine
from harness.reports.terminal import Terminal
from harness.reports.text import explanation_lines, verdict_line
from harness.schedules.names import PLAIN, parse_schedule
from harness.values.errors import ExitCode, UsageError
from harness.values.report import Outcome
from harness.values.toolchain import Refused, Toolchain
from harness.values.words import visible


@click.command("run")
@sandbox_option
@click.argument("name", shell_complete=complete_example)
@corpus_option
@side_option
@toolchain_options
@click.option("--program", default="", help="Only this program, such as main or mended.")
@click.option("--schedule", default=str(PLAIN), show_default=True, help="How it is scheduled.")
@races_option
@server_option
@state_option
@colour_option
def command(
    *,
    name: str,
    corpus: Path | None,
    side: str | None,
    wanted: ToolchainRequest,
    program: str,
    schedule: str,
    races: bool,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Run the example NAME once on each side, show what it prints as it comes, and judge it."""
    spec = one_spec(name, corpus)
    if program and program not in {p.name for p in spec.programs}:
        known = ", ".join(dict.fromkeys(p.name for p in spec.programs))
        raise UsageError(f'{spec.id} has no program "{program}"; it has {known}')
    options = Options(
        runs=1,
        jobs=1,
        sides=sides_of(side),
        programs=(program,) if program else (),
        state=state_dir,
        only=(parse_schedule(schedule),),
        races=races,
    )
    terminal = Terminal(colour=wants_colour(colour))
    toolchains = choose_toolchains(wanted, sides_in((spec,), options.sides)).toolchains
    lab = open_lab((spec,), toolchains, options)
    results = []
    with open_recorder(options.state) as recorder:
        for plan in plan_sides((spec,), toolchains, options):
            if program and spec.program(plan.side, program) is None:
                continue
            work = make_work(plan, lab, options, recorder=recorder)
            if not plan.skip:
                terminal.write(_refusals(spec, plan.toolchain, lab, options), whole=True)
            results.append(_run_programs(terminal, work))
    return ExitCode.OK if all(results) else ExitCode.FAILED


def _run_programs(terminal: Terminal, work: Work) -> bool:
    """Run every program of one side; whether nothing was wrong."""
    for trial, request in work.runs:
        terminal.write([((STRONG, _title(request)),)])
        judged = _judged(terminal, trial, request)
        trial.take(judged)
        sys.stderr.write(visible(judged.run.stderr.decode("utf-8", "backslashreplace")))
        terminal.write(_notes(judged))
        terminal.write([()])
    return _tell_verdict(terminal, work)


def _notes(judged: Judged) -> Iterator[TextLine]:
    """What was beyond control in the run."""
    uncontrolled = judged.record.uncontrolled if judged.record else ()
    for note in (
        *(f"loosely controlled: {each}" for each in judged.judgement.passed_over),
        *(f"not controlled: {each}" for each in uncontrolled),
        *judged.notes,
        *unexplored(judged.record),
    ):
        yield ((FAINT, "note: "), (FAINT, visible(note)))


def _judged(terminal: Terminal, trial: Trial, request: Request) -> Judged:
    """Make one run and show its lanes: on a terminal as the lines come, else when it has ended.

    Under control lanes are threads, and who wrote what is known at the end.
    """
    live = sys.stdout.isatty() and not request.schedule.is_controlled
    shown = LiveLanes(request.claims, partial(terminal.write, whole=True)) if live else None
    judged = trial.make(request, shown)
    if judged is None:
        raise KeyboardInterrupt
    if shown is None:
        terminal.write(final_rows(request.claims, judged.run), whole=True)
    else:
        shown.finish()
    return judged


def _tell_verdict(terminal: Terminal, work: Work) -> bool:
    """Write what one run of a side came to; whether it is no failure."""
    plan = work.plan
    verdict = conclude(
        plan.spec,
        plan.side,
        plan.toolchain.label,
        work.tallies,
        build_findings=work.build_findings,
        unmet=work.unmet,
    )
    if plan.skip:
        verdict = replace(verdict, outcome=Outcome.SKIPPED, reason=plan.skip)
    terminal.write([verdict_line(verdict, columns=terminal.columns), ()])
    terminal.write(explanation_lines(verdict, terminal.columns))
    return not verdict.outcome.is_bad


def _title(request: Request) -> str:
    program = request.claims.program
    return f"── {program.path} · {request.toolchain.title} · {request.schedule}"


def _refusals(spec: Spec, toolchain: Toolchain, lab: Lab, options: Options) -> Iterator[TextLine]:
    """What the compiler says of the programs that it refuses, in its own words."""
    for program in spec.programs_of(toolchain.side):
        build = lab.build_of(spec, program, toolchain)
        if isinstance(build, Refused) and program.name in (options.programs or (program.name,)):
            yield ((STRONG, f"── {program.path} · {toolchain.title} · refused"),)
            for diagnostic in build.diagnostics:
                for line in (diagnostic.rendered or diagnostic.message).split("\n"):
                    yield ((FAINT, visible(line)),)
