"""harness explore: many controlled schedules of each program, or all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from harness.bench.budget import Budget, Mix
from harness.bench.exploring import Exploration, explore
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.planning import SidePlan, Work, make_work, plan_sides
from harness.bench.recording import open_recorder
from harness.commands.clustered import Clustered, cluster_options
from harness.commands.sandboxing import sandbox_option
from harness.commands.shared import (
    chosen_specs,
    colour_option,
    corpus_option,
    default_toolchains,
    every_line_option,
    races_option,
    server_option,
    side_option,
    sides_in,
    sides_of,
    state_option,
    wants_colour,
)
from harness.judging.verdict import conclude
from harness.language.declarations import Spec
from harness.machine.cores import allowed_cores
from harness.machine.toolchains import ToolchainRequest
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.reports.text import explanation_lines
from harness.schedules.dpor import ReducedSearch
from harness.schedules.names import Strategy
from harness.schedules.rotation import TURNS
from harness.schedules.search import Bound, Search
from harness.values.errors import ExitCode
from harness.values.report import Outcome, Verdict
from harness.values.toolchain import Toolchain
from harness.values.words import count_of, visible

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|m|h)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class DurationType(click.ParamType[float]):
    """``90s``, ``5m``, ``1h``: seconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds."""
        if isinstance(value, int | float):
            return float(value)
        found = _DURATION.match(str(value))
        if not found:
            self.fail(f"expected a time such as 60s, 5m or 1h, found {value}", param, ctx)
        return float(found[1]) * _SECONDS[found[2]]


@click.command("explore")
@sandbox_option
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@click.option("--budget", type=DurationType(), default="60s", show_default=True,
              help="Time for each program.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(1), default=1_000_000,
              help="Schedules of each program at most.")  # fmt: skip
@click.option("--strategy", "strategies", multiple=True,
              type=click.Choice(list(dict.fromkeys(s.value for s, _ in TURNS))),
              help="Only this strategy; may be given more than once.")  # fmt: skip
@click.option(
    "--systematic",
    is_flag=True,
    help="Enumerate what schedules can bring, one run of each trace, and say when that is done.",
)
@click.option(
    "--full", is_flag=True, help="With --systematic: all schedules, even where steps commute."
)
@every_line_option
@click.option("--preemptions", type=click.IntRange(0), default=None,
              help="With --systematic: at most so many unforced departures.")  # fmt: skip
@click.option("--spurious", type=click.IntRange(0), default=1, show_default=True,
              help="With --systematic: at most so many wake-ups for nothing in a run.")  # fmt: skip
@click.option("--until-failure", is_flag=True, help="Stop everything at the first finding.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Where seeded schedules start."
)
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=None, help="Programs at a time.")
@cluster_options
@races_option
@server_option
@state_option
@colour_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    budget: float,
    schedules: int,
    strategies: tuple[str, ...],
    systematic: bool,
    full: bool,
    every_line: bool,
    preemptions: int | None,
    spurious: int,
    until_failure: bool,
    seed: int,
    jobs: int | None,
    races: bool,
    state_dir: Path,
    colour: bool | None,
    clustered: Clustered | None,
) -> int:
    """Run the programs of the examples that SELECT means under many controlled schedules."""
    specs = chosen_specs(select, corpus)
    options = Options(
        schedules=1,
        sides=sides_of(side),
        seed=seed,
        state=state_dir,
        every_line=every_line,
        races=races,
    )
    sides = sides_in(specs, options.sides)
    toolchains = (
        default_toolchains(sides)
        if clustered is None
        else clustered.choose(ToolchainRequest(), sides).toolchains
    )
    plans = [plan for plan in plan_sides(specs, toolchains, options) if not plan.skip]
    depth = Budget(
        runs=0,
        schedules=schedules,
        seed=seed,
        mix=Mix.DRAWN,
        strategies=tuple(map(Strategy, strategies)),
        seconds=budget,
    )
    task = _Task(
        plans=plans,
        toolchains=toolchains,
        options=options,
        budget=depth,
        bound=Bound(preemptions=preemptions, spurious=spurious) if systematic else None,
        reduces=not full and preemptions is None,
        until_failure=until_failure,
        jobs=jobs or allowed_cores(),
    )
    terminal = Terminal(colour=wants_colour(colour))

    def tell(found: Exploration) -> None:
        terminal.write(_lines(found))

    found, unbuilt = task.do(tell) if clustered is None else task.do_on(clustered, tell)
    for each in found:
        terminal.write(explanation_lines(_as_verdict(each), terminal.columns))
    for verdict in unbuilt:
        terminal.write(explanation_lines(verdict, terminal.columns))
    failed = any(each.findings for each in found)
    return ExitCode.FAILED if failed or unbuilt else ExitCode.OK


_Found = tuple[tuple[Exploration, ...], tuple[Verdict, ...]]
"""What was found out, and the verdicts on sides that could not be built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is to be explored, and how."""

    plans: Sequence[SidePlan]
    toolchains: Sequence[Toolchain]
    options: Options
    budget: Budget
    bound: Bound | None
    reduces: bool
    until_failure: bool
    jobs: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        return tuple({plan.spec.id: plan.spec for plan in self.plans}.values())

    def do(self, tell: Callable[[Exploration], None]) -> _Found:
        """Explore on this machine."""
        specs = [plan.spec for plan in self.plans]
        lab = open_lab(specs, self.toolchains, self.options)
        with open_recorder(self.options.state) as recorder:
            works = [make_work(plan, lab, self.options, recorder=recorder) for plan in self.plans]
            found = explore(
                works,
                self.budget,
                tell,
                jobs=self.jobs,
                bound=self.bound,
                until_failure=self.until_failure,
                reduces=self.reduces,
                lines_commute=not self.options.every_line,
            )
        builds = (w for w in works if any(f.property == "builds" for f in w.build_findings))
        return found, tuple(map(_of_build, builds))

    def do_on(self, clustered: Clustered, tell: Callable[[Exploration], None]) -> _Found:
        """Explore on a cluster."""
        from harness.cluster.exploring import explore_on  # noqa: PLC0415 - only where asked for
        from harness.cluster.lots import LotKind  # noqa: PLC0415

        with (
            clustered.begun(
                self.specs,
                self.toolchains,
                self.options,
                budget=self.budget,
                bound=self.bound,
                reduces=self.reduces,
                until_failure=self.until_failure,
            ) as journal,
            open_recorder(self.options.state) as recorder,
        ):
            return explore_on(
                clustered.cluster,
                journal,
                self.plans,
                self.budget,
                tell,
                recorder,
                kind=LotKind.EXPLORE if self.bound is None else LotKind.SEARCH,
                until_failure=self.until_failure,
            )


def _of_build(work: Work) -> Verdict:
    """What is wrong with a side before any of its programs is run."""
    plan = work.plan
    return conclude(
        plan.spec, plan.side, plan.toolchain.label, (), build_findings=work.build_findings
    )


def _lines(found: Exploration) -> Iterator[TextLine]:
    program = "" if found.program == "main" else f" {found.program}"
    title = (STRONG, f"{found.example:<32} {found.side.value:<6}{program}  ")
    if found.skipped:
        yield ((UNSURE, f"{Outcome.SKIPPED.value:<8} "), title, (FAINT, found.skipped))
        return
    bad = len(found.findings)
    outcome = Outcome.FAILED if bad else Outcome.PASSED
    word = (BAD if bad else GOOD, f"{outcome.value:<8} ")
    told = f", {count_of(bad, 'finding')}" if bad else ""
    speed = f"{1000 * found.seconds / max(1, found.runs):.1f} ms each"
    numbers = f"{count_of(found.runs, 'schedule')}, {count_of(found.interleavings, 'interleaving')}"
    yield (word, title, (PLAIN, numbers), (FAINT, f", {speed}"), (BAD, told))
    if found.reduced is not None:
        yield ((FAINT, " " * 10), of_traces(found.reduced))
    if found.search is not None:
        yield ((FAINT, " " * 10), _completeness(found.search))
    elif len(found.strategies) > 1:
        parts = [f"{name} {distinct}/{runs}" for name, runs, distinct in found.strategies]
        yield ((FAINT, f"{'':10}distinct of runs: {', '.join(parts)}"),)
    if found.unconfirmed:
        yield ((UNSURE, f"{'':10}{count_of(len(found.unconfirmed), 'unconfirmed finding')}"),)
    for each in found.passed_over:
        yield ((UNSURE, f"{'':10}loosely controlled: {visible(str(each))}"),)
    if found.unseen:
        one_order = found.reduced is not None and found.reduced.lines_commute
        what = "not looked for, with lines in one order of several" if one_order else "not seen"
        yield ((UNSURE, f"{'':10}{what}: {', '.join(found.unseen)}"),)


def of_traces(search: ReducedSearch) -> tuple[str, str]:
    """What a search for one run of each trace may claim; or why it may claim nothing."""
    if search.uncovered:
        return (FAINT, f"not reduced: {', '.join(search.uncovered)}")
    traces = f"{count_of(search.traces, 'trace')} of up to {count_of(search.points, 'step')}"
    if search.is_complete:
        every = f"complete: {traces}, every order of hand-overs that do not commute"
        return (GOOD, f"{every}{_of_lines(search)}")
    reasons = "; ".join(search.flaws) or "there are more traces"
    return (UNSURE, f"not complete: {reasons} ({traces} were run)")


def _of_lines(search: ReducedSearch) -> str:
    """Whether the order of lines matters, and why."""
    if search.lines_commute:
        return "; lines do: nothing that is claimed could tell their order"
    return f"; lines do not: {search.minds} may tell their order" if search.minds else ""


def _completeness(search: Search) -> tuple[str, str]:
    """What a systematic search may claim, and over what; or why it may claim nothing."""
    preemptions = search.bound.preemptions
    bound = "" if preemptions is None else f" with at most {count_of(preemptions, 'preemption')}"
    if search.is_complete:
        return (GOOD, f"complete{bound}: {_covered(search)}")
    if search.flaws:
        return (UNSURE, f"not complete: {'; '.join(search.flaws)}")
    left = f"not complete: {search.left:,} known schedules{bound} were not run"
    return (UNSURE, f"{left}{_reached(search)}")


def _reached(search: Search) -> str:
    """Up to how many preemptions every schedule was run, if it got that far."""
    if search.reached is None or search.reached < 0:
        return ""
    return f"; all with at most {count_of(search.reached, 'preemption')} were"


def _covered(search: Search) -> str:
    """``every hand-over, early timeout and spurious wake-up at up to 20 points a run``."""
    bound = search.bound
    kinds = (
        ["hand-over"]
        + ["choice of an event loop"] * search.has_loops
        + ["early timeout"] * bound.early
        + ["spurious wake-up"] * (bound.spurious > 0)
        + ["older value"] * search.has_old
    )
    *most, last = kinds
    every = f"{', '.join(most)} and {last}" if most else last
    most_spurious = f" (at most {count_of(bound.spurious, 'such wake-up')})"
    limit = most_spurious if search.has_spurious else ""
    return f"every {every} at up to {count_of(search.points, 'point')} a run{limit}"


def _as_verdict(found: Exploration) -> Verdict:
    """As a verdict, which is what explains findings: no more of it is shown."""
    return replace(
        Verdict(
            example=found.example,
            side=found.side,
            toolchain=found.toolchain,
            outcome=Outcome.FAILED if found.findings else Outcome.INCONCLUSIVE,
        ),
        findings=found.findings,
        unconfirmed=found.unconfirmed,
        runs=found.runs,
    )
