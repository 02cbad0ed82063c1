"""harness mutate: change the programs in small ways, and see whether their specs can tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from harness.bench.options import Options
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
from harness.language.declarations import BREAKS_FILE, Spec
from harness.machine.cores import allowed_cores
from harness.proof.audit.figures import percent
from harness.proof.mutants import (
    Fate,
    MutationReport,
    TriedMutant,
    mutants_of,
    try_mutants,
)
from harness.proof.mutants.fates import Score, score_of
from harness.proof.mutants.figures import figures_of
from harness.proof.mutants.making import why_unread
from harness.proof.mutants.trying import DEFAULT_RUNS, DEFAULT_SCHEDULES
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, UNSURE, TextLine
from harness.reports.terminal import Terminal
from harness.values.errors import ExitCode
from harness.values.program import Side

_HEADINGS = {
    Fate.KILLED: "killed",
    Fate.SURVIVED: "lives",
    Fate.UNKNOWN: "nothing new",
    Fate.EXPLAINED: "explained",
    Fate.EQUIVALENT: "equivalent",
    Fate.REFUSED_ALIKE: "refused",
    Fate.NOT_BUILDABLE: "no build",
    Fate.ERRORED: "errored",
}
_LIVING = {
    Fate.SURVIVED: "lives, and prints what the original never does",
    Fate.UNKNOWN: "lives, and prints nothing new",
    Fate.EXPLAINED: "lives, as is explained",
    Fate.ERRORED: "errored",
}
"""What is said of those that are shown."""


@click.command("mutate")
@sandbox_option
@click.argument("select", nargs=-1)
@corpus_option
@side_option
@click.option("--runs", type=click.IntRange(1), default=DEFAULT_RUNS, show_default=True,
              help="Runs of each mutant that are left to the system.")  # fmt: skip
@click.option("--schedules", type=click.IntRange(0), default=DEFAULT_SCHEDULES,
              show_default=True, help="Controlled runs of each mutant.")  # fmt: skip
@click.option("--most", type=click.IntRange(1), default=None,
              help="Mutants of each program; by default all.")  # fmt: skip
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=None,
              help="Runs at once; by default one a core.")  # fmt: skip
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Where seeded schedules start."
)
@click.option("--list", "only_list", is_flag=True, help="Show the mutants; run none.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="Write what became of each mutant to this file.")  # fmt: skip
@click.option("--figures", "figures_file", type=click.Path(dir_okay=False, path_type=Path),
              default=None, help="Write how many of each fate there are to this file.")  # fmt: skip
@server_option
@state_option
@colour_option
def command(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    side: str | None,
    runs: int,
    schedules: int,
    most: int | None,
    jobs: int | None,
    seed: int,
    only_list: bool,
    json_file: Path | None,
    figures_file: Path | None,
    state_dir: Path,
    colour: bool | None,
) -> int:
    """Change the programs of SELECT in small ways, and see whether their specs can tell.

    A mutant that lives, and prints what the original never does, shows a hole
    in the spec; one that prints nothing new may be equivalent. A spec may
    explain a mutant that lives by a variant in breaks.toml that breaks nothing.
    """
    for option, file in (("--json", json_file), ("--figures", figures_file)):
        if file is not None:
            check_writable(option, file)
    specs = chosen_specs(select, corpus)
    terminal = Terminal(colour=wants_colour(colour), live=sys.stdout.isatty() and not only_list)
    options = Options(
        runs=runs,
        schedules=schedules,
        jobs=jobs or allowed_cores(),
        seed=seed,
        sides=sides_of(side),
        state=state_dir,
        progress=terminal,
    )
    if only_list:
        return _list(specs, options.sides, terminal)

    def tell(trial: TriedMutant) -> None:
        terminal.write(trial_lines(trial))

    toolchains = default_toolchains(sides_in(specs))
    with closing(terminal):
        report = try_mutants(specs, toolchains, options, tell, most=most)
    terminal.write(report_lines(report))
    for file, content in ((json_file, as_json(report)), (figures_file, figures_of(report))):
        if file is not None:
            file.write_text(_json(content), encoding="utf-8")
    if report.has_failed:
        return ExitCode.FAILED
    was_all_left_out = report.left_out and not report.trials
    return ExitCode.NOTHING_SELECTED if was_all_left_out else ExitCode.OK


def _list(specs: Iterable[Spec], sides: Sequence[Side], terminal: Terminal) -> ExitCode:
    """Show the mutants; fails if there is a program of which none can be made."""
    code = ExitCode.OK
    for spec in specs:
        for mutant in mutants_of(spec):
            if mutant.side in sides:
                terminal.write(
                    _mutant_lines(TriedMutant(mutant=mutant, fate=Fate.UNKNOWN), title="")
                )
        for program in (program for side in sides for program in spec.programs_of(side)):
            if reason := why_unread(spec, program):
                terminal.write([_unread_line(str(spec.directory / program.path), reason)])
                code = ExitCode.FAILED
    return code


def _json(content: dict[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def trial_lines(trial: TriedMutant) -> Iterator[TextLine]:
    """A mutant that lives, with its diff and, if one is known, the reason; nothing of others."""
    if trial.fate in _LIVING:
        yield from _mutant_lines(trial, title=_LIVING[trial.fate])


def report_lines(report: MutationReport) -> Iterator[TextLine]:
    """What each example comes to, and the score; and before that, what is wrong with it all."""
    for place, names in report.broken.items():
        yield ((UNSURE, f"{place}: unchanged, it breaks {', '.join(names)}, which killed nothing"),)
    for path, reason in report.unread.items():
        yield _unread_line(path, reason)
    for example, reason in report.left_out.items():
        yield ((UNSURE, "not tried: "), (PLAIN, f"{example}: {reason}"))
    for example, stale in report.stale.items():
        for said in stale:
            yield ((BAD, f"{example}: stale explanation: {said}; drop it from {BREAKS_FILE}"),)
    yield from _table(report)
    score = report.score
    share = f"{score.killed} of {score.tried} mutants killed ({percent(score.killed, score.tried)})"
    rest = f"; {score.explained} that live are explained, {score.unexplained} are not"
    yield ((STRONG, share), (PLAIN, rest), (FAINT, f", in {report.seconds:.0f} s"))
    different = f"{score.killed} of the {score.different} seen to differ from the original"
    yield ((FAINT, f"{different} are killed ({percent(score.killed, score.different)})"),)
    if report.has_failed:
        yield ((BAD, _what_is_left(report)),)


def _unread_line(path: str, reason: str) -> TextLine:
    return ((BAD, f"{path}: no mutants can be made of it: {reason}; mend it"),)


def _what_is_left(report: MutationReport) -> str:
    """Why the command fails: how much there is of each kind that is named above."""
    living = report.score.unexplained
    untold = report.score.counts.get(Fate.ERRORED, 0)
    entries = sum(len(stale) for stale in report.stale.values())
    kinds = (
        (living, "mutant lives unexplained", "mutants live unexplained"),
        (untold, "mutant could not be told", "mutants could not be told"),
        (entries, "explanation is stale", "explanations are stale"),
        (len(report.broken), "side breaks its spec unchanged", "sides break their specs unchanged"),
        (len(report.unread), "program cannot be read", "programs cannot be read"),
    )
    said = (f"{number} {one if number == 1 else more}" for number, one, more in kinds if number)
    return f"FAILED: {'; '.join(said)} (see above)"


def _mutant_lines(trial: TriedMutant, *, title: str) -> Iterator[TextLine]:
    mutant = trial.mutant
    yield ((STRONG, f"{mutant.example} {mutant.id}"), (UNSURE, f"  {title}"))
    if trial.reason:
        yield ((PLAIN, f"  {trial.reason}"),)
    for line in mutant.diff.split("\n"):
        style = {"-": BAD, "+": GOOD}.get(line[:1], FAINT)
        yield ((style, f"  {line}"),)
    yield ()


def _table(report: MutationReport) -> Iterator[TextLine]:
    """The examples and their mutants; what there is none of has no column."""
    width = max((len(example) for example in report.by_example()), default=7)
    total = report.score.counts
    fates = [fate for fate in _HEADINGS if fate is Fate.KILLED or total.get(fate)]
    heading = "".join(f"  {_HEADINGS[fate]}" for fate in fates)
    yield ((FAINT, f"{'example':<{width}}{heading}   score"),)
    for example, trials in report.by_example().items():
        yield ((PLAIN, _row(example, width, score_of(trials), fates)),)
    yield ((STRONG, _row("all", width, report.score, fates)),)


def _row(name: str, width: int, score: Score, fates: Iterable[Fate]) -> str:
    numbers = "".join(f"{score.counts.get(f, 0):>{len(_HEADINGS[f]) + 2}}" for f in fates)
    return f"{name:<{width}}{numbers}{percent(score.killed, score.tried):>8}"


def as_json(report: MutationReport) -> dict[str, object]:
    """The report as plain values, for files."""
    return {
        "score": {
            "killed": report.score.killed,
            "tried": report.score.tried,
            "counts": {fate.value: report.score.counts.get(fate, 0) for fate in Fate},
        },
        "mutants": [
            {
                "example": trial.mutant.example,
                "id": trial.mutant.id,
                "line": trial.mutant.line,
                "fate": trial.fate.value,
                "killed-by": list(trial.killed_by),
                "schedule": trial.schedule,
                "runs": trial.runs,
                "reason": trial.reason,
                "diff": trial.mutant.diff,
            }
            for trial in report.trials
        ],
    }
