"""The figures of a trial of mutants: as JSON that hardly changes, and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from harness.proof.audit.figures import percent
from harness.proof.mutants.fates import Fate, MutationReport, Score, TriedMutant, score_of
from harness.values.errors import UsageError
from harness.values.program import Side

_NAMES: Mapping[Fate, str] = {
    Fate.KILLED: "killed",
    Fate.SURVIVED: "survived",
    Fate.UNKNOWN: "unknown",
    Fate.EXPLAINED: "explained",
    Fate.EQUIVALENT: "equivalent",
    Fate.REFUSED_ALIKE: "refused_alike",
    Fate.NOT_BUILDABLE: "not_buildable",
    Fate.ERRORED: "errored",
}
"""What each fate is called in the file."""

_HEAD = (
    "example", "killed", "Python", "Rust", "score", "live, explained", "live, not explained",
    "shown equivalent", "refused alike", "do not build",
)  # fmt: skip


def figures_of(report: MutationReport) -> dict[str, Any]:
    """The figures of each example and of all together, ready for JSON; sorted by name."""
    rows = [
        _example_figures(example, trials, report.digests.get(example, ""))
        for example, trials in sorted(report.by_example().items())
    ]
    return {"examples": rows, "corpus": _sides(report.trials)}


def _example_figures(example: str, trials: Iterable[TriedMutant], digest: str) -> dict[str, Any]:
    """The figures of one example, for JSON, with each mutant that lives and why it may."""
    living = (Fate.SURVIVED, Fate.UNKNOWN, Fate.EXPLAINED)
    return {
        "example": example,
        "digest": digest,
        **_sides(trials),
        "living": {
            trial.mutant.id: trial.reason if trial.fate is Fate.EXPLAINED else ""
            for trial in trials
            if trial.fate in living
        },
    }


def _sides(trials: Iterable[TriedMutant]) -> dict[str, dict[str, int]]:
    """What became of the mutants of each side."""
    trials = tuple(trials)
    return {
        side.value: _counts(score_of(t for t in trials if t.mutant.side is side)) for side in Side
    }


def _counts(score: Score) -> dict[str, int]:
    return {name: score.counts.get(fate, 0) for fate, name in _NAMES.items()}


def score_in(row: Mapping[str, Any], sides: Iterable[Side] = tuple(Side)) -> Score:
    """The score that one row of the file tells, of some sides together.

    Raises UsageError for a file that lacks a number: an older harness wrote it.
    """
    counts: Counter[Fate] = Counter()
    for side in sides:
        if lacking := [name for name in _NAMES.values() if name not in row[side.value]]:
            raise UsageError(
                f'the figures of mutants do not say how many are "{lacking[0]}": '
                'they are of an older harness; write them anew with "make mutants"'
            )
        counts.update({fate: row[side.value][name] for fate, name in _NAMES.items()})
    return Score(counts=counts)


def markdown_of(figures: Mapping[str, Any]) -> str:
    """The table for people, from the JSON figures."""
    rows = [_row(f"`{row['example']}`", row) for row in figures["examples"]]
    rows.append(_row("**all**", figures["corpus"]))
    rule = ("---", *["---:"] * (len(_HEAD) - 1))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (_HEAD, rule, *rows)) + "\n"


def _row(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    score = score_in(row)
    apart = (score_in(row, [side]) for side in Side)
    return (
        name,
        f"{score.killed} of {score.tried}",
        *(f"{each.killed} of {each.tried}" for each in apart),
        percent(score.killed, score.tried),
        str(score.explained),
        str(score.unexplained),
        str(score.counts[Fate.EQUIVALENT]),
        str(score.counts[Fate.REFUSED_ALIKE]),
        str(score.counts[Fate.NOT_BUILDABLE]),
    )


def summary_of(figures: Mapping[str, Any]) -> str:
    """The figures of the whole corpus in a sentence."""
    score = score_in(figures["corpus"])
    left_out = (Fate.EQUIVALENT, Fate.REFUSED_ALIKE, Fate.NOT_BUILDABLE)
    shown, alike, unbuilt = (score.counts[fate] for fate in left_out)
    return (
        f"Of {score.tried:,} mutants, {score.killed:,} are killed "
        f"({percent(score.killed, score.tried)}). Of the {score.tried - score.killed} that live, "
        f"{score.explained} are explained in their specs, {score.unexplained} are not. "
        f"{shown} more are left out because a rule shows that no run can tell them from the "
        f"original, {alike} because the compiler refuses them as it does the original, and "
        f"{unbuilt} because they do not build."
    )
