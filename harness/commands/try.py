"""harness try: what schedules bring out of a program of which nothing is claimed yet."""  # noqa: N999 - named as the command is

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import click

from harness.authoring.trying import DEFAULT_SECONDS, Given, Tried, open_trial, spec_of, try_program
from harness.bench.budget import Budget
from harness.bench.options import Options
from harness.commands.explore import DurationType, of_traces
from harness.commands.lanes import final_rows
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import (
    colour_option,
    every_line_option,
    races_option,
    server_option,
    state_option,
    wants_colour,
)
from harness.judging.verdict import conclude
from harness.language.declarations import Spec
from harness.machine.toolchains import ToolchainRequest, choose_toolchains
from harness.reports.findings import finding_lines
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.reports.text import observation_lines
from harness.schedules.names import parse_schedule
from harness.values.counts import runs_in_words
from harness.values.errors import ExitCode, UsageError
from harness.values.program import Side
from harness.values.progress import SILENT
from harness.values.report import Verdict
from harness.values.toolchain import Toolchain
from harness.values.words import count_of, visible


@click.command("try")
@sandbox_option
@click.argument("program", type=click.Path(path_type=Path))
@click.argument("args", nargs=-1)
@click.option("--python", default="", metavar="NAME",
              help="The interpreter of a script: 3.13t, or a path; one of a virtual "
              "environment has the packages that are in it.")  # fmt: skip
@click.option("--rust", default="", metavar="NAME", help="The compiler of a crate.")
@click.option("--bin", "binary", default="", metavar="NAME", help="Which program of a crate.")
@click.option("--stdin", "stdin_file", default=None, help="A file that each run reads.",
              type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--schedules", type=click.IntRange(1), default=200, show_default=True,
              help="Controlled runs at most.")  # fmt: skip
@click.option("--budget", type=DurationType(), default="60s", show_default=True,
              help="Time for the controlled runs.")  # fmt: skip
@click.option("--timeout", type=DurationType(), default=f"{DEFAULT_SECONDS:g}s", show_default=True,
              help="Time for one run.")  # fmt: skip
@click.option("--timing", type=click.Choice(["free", "strict"]), default="free",
              show_default=True, help="Whether a sleep or a timeout may end early, as seen by "
              "others who are slow.")  # fmt: skip
@click.option("--task-order", type=click.Choice(["fifo", "free"]), default="fifo",
              show_default=True, help="Whether ready tasks of asyncio go in their turn, or in any "
              "order, as on another loop.")  # fmt: skip
@click.option("--systematic", is_flag=True,
              help="One run of each trace, and say when that is done.")  # fmt: skip
@every_line_option
@click.option("--seed", type=int, default=0, show_default=True,
              help="Where seeded schedules start.")  # fmt: skip
@click.option("--schedule", default="", help="Make only this one run, and show it.")
@races_option
@server_option
@state_option
@colour_option
def command(
    *,
    program: Path,
    args: tuple[str, ...],
    python: str,
    rust: str,
    binary: str,
    stdin_file: Path | None,
    schedules: int,
    budget: float,
    timeout: float,
    timing: Literal["free", "strict"],
    task_order: Literal["fifo", "free"],
    systematic: bool,
    every_line: bool,
    seed: int,
    schedule: str,
    races: bool,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Try PROGRAM, a script or a crate of your own, under many schedules.

    No spec is needed. Plain runs show what it prints; then it is run under
    controlled schedules. Told is what goes wrong in any of them (a deadlock, an
    exception, a panic, a data race), and what one prints that no plain run does,
    each with the plainest schedule that shows it.

    PROGRAM is a Python script, a Rust file, or the directory of a crate; what
    follows it are its arguments, after -- if they look like options.
    """
    given = Given(
        path=program,
        args=args,
        stdin_file=stdin_file,
        binary=binary,
        python=python,
        rust=rust,
        timing=timing,
        task_order=task_order,
        timeout_seconds=timeout,
    )
    spec = spec_of(given, state_dir)
    toolchain = _toolchain(spec, given)
    terminal = Terminal(colour=wants_colour(colour))
    with closing(Terminal(live=sys.stderr.isatty(), out=sys.stderr)) as progress:
        options = Options(
            runs=0,
            schedules=schedules,
            state=state_dir,
            races=races,
            every_line=every_line,
            only=(parse_schedule(schedule),) if schedule else (),
            progress=progress if sys.stderr.isatty() else SILENT,
        )
        if schedule:
            return _make_one(spec, toolchain, options, terminal)
        depth = Budget(runs=0, schedules=schedules, seed=seed, seconds=budget)
        tried = try_program(spec, toolchain, options, depth, systematic=systematic)
    terminal.write(_lines(tried, terminal.columns))
    return ExitCode.FAILED if tried.verdict.findings else ExitCode.OK


def _toolchain(spec: Spec, given: Given) -> Toolchain:
    """The one that the program is run with; raises UsageError where the other side's is named."""
    (side,) = spec.sides
    named, other = given.python, given.rust
    if side is Side.RUST:
        named, other = other, named
    if other:
        what = "a Rust program" if side is Side.RUST else "a Python script"
        option = "--python" if side is Side.RUST else "--rust"
        raise UsageError(f"{spec.name} is {what}: {option} says nothing of it")
    names = (named,) if named else ()
    wanted = ToolchainRequest(
        pythons=names if side is Side.PYTHON else (), rusts=names if side is Side.RUST else ()
    )
    return choose_toolchains(wanted, (side,)).toolchains[0]


def _make_one(spec: Spec, toolchain: Toolchain, options: Options, terminal: Terminal) -> int:
    """Make one run under the schedule that was named, and show all of it."""
    opened = open_trial(spec, toolchain, options)
    if isinstance(opened, Verdict):
        terminal.write(_finding_lines(opened, terminal.columns))
        return ExitCode.FAILED
    for request in opened.requests():
        judged = opened.make(request)
        if judged is None:
            raise KeyboardInterrupt
        opened.take(judged)
        terminal.write(final_rows(request.claims, judged.run), whole=True)
        sys.stderr.write(visible(judged.run.stderr.decode("utf-8", "backslashreplace")))
        terminal.write([()])
    verdict = conclude(spec, toolchain.side, toolchain.label, (opened.tally,))
    terminal.write(_finding_lines(verdict, terminal.columns))
    return ExitCode.FAILED if verdict.findings else ExitCode.OK


def _lines(tried: Tried, columns: int) -> Iterator[TextLine]:
    """All that was found out, the summary first."""
    verdict = tried.verdict
    yield _summary(tried)
    for text in tried.varying:
        yield ((FAINT, f"  not compared, since plain runs differ in it: {visible(text)}"),)
    if tried.search is not None and not tried.uncontrolled:
        yield ((FAINT, "  "), of_traces(tried.search))
    if tried.uncontrolled:
        yield ((UNSURE, f"  no controlled run: {visible(tried.uncontrolled)}"),)
    for each in verdict.passed_over:
        yield ((UNSURE, f"  loosely controlled: {visible(str(each))}"),)
    yield ()
    yield from _finding_lines(verdict, columns)
    yield from observation_lines(verdict)


def _summary(tried: Tried) -> TextLine:
    """How many findings in how many runs."""
    verdict = tried.verdict
    bad = len(verdict.findings)
    words = count_of(bad, "finding") if bad else "nothing found"
    runs = runs_in_words(verdict.runs, verdict.plain_runs)
    seen = count_of(verdict.interleavings, "interleaving")
    made = f" in {runs}, {seen}" if verdict.runs else ""
    title = f"{verdict.example.partition('/')[2]} · {verdict.toolchain}  "
    return ((STRONG, visible(title)), (BAD if bad else GOOD, words), (PLAIN, made))


def _finding_lines(verdict: Verdict, columns: int) -> Iterator[TextLine]:
    for finding in (*verdict.findings, *verdict.unconfirmed):
        yield from finding_lines(verdict, finding, columns)
