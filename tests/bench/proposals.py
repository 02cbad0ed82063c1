"""Measure proposals over a corpus: ``python -m tests.bench.proposals [SELECT…]``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from harness.authoring.propose.draft import load_draft
from harness.authoring.propose.gathering import Workshop, open_workshop
from harness.authoring.propose.proposing import propose_from
from harness.bench.options import Options
from harness.commands.shared import (
    chosen_specs,
    corpus_option,
    default_toolchains,
    sides_in,
    state_option,
)
from harness.language.declarations import Spec
from harness.machine.cores import allowed_cores
from harness.values.errors import SpecError
from tests.bench.proposal_scores import (
    Comparison,
    compare,
    proposed_spec,
    refuted_by,
    rows,
)

_FURTHER_SEED = 100_000


@click.command("propose")
@click.argument("select", nargs=-1)
@corpus_option
@click.option("--runs", type=click.IntRange(1), default=30, show_default=True)
@click.option("--schedules", type=click.IntRange(0), default=100, show_default=True)
@click.option("--further", type=click.IntRange(0), default=500, show_default=True,
              help="Further runs of each program, nine of ten of them controlled.")  # fmt: skip
@state_option
def main(
    *,
    select: tuple[str, ...],
    corpus: Path | None,
    runs: int,
    schedules: int,
    further: int,
    state_dir: Path,
) -> None:
    """Propose for each example of SELECT, and hold that against its spec and further runs."""
    specs = chosen_specs(select, corpus)
    options = Options(runs=runs, schedules=schedules, jobs=allowed_cores(), state=state_dir)
    drafts = [load_draft(spec.directory) for spec in specs]
    workshop = open_workshop(drafts, default_toolchains(sides_in(drafts)), options)
    comparisons = []
    for written, draft in zip(specs, drafts, strict=True):
        comparison = _measure(written, draft, workshop, further)
        comparisons.append(comparison)
        click.echo(next(rows([comparison])))
        sys.stdout.flush()
    click.echo("\n".join(list(rows(comparisons))[-2:]))


def _measure(written: Spec, draft: Spec, workshop: Workshop, further: int) -> Comparison:
    proposed = propose_from(workshop.gather(draft))
    try:
        comparison = compare(written, proposed, workshop)
    except SpecError as error:
        raise SpecError(f"{written.id}: the proposals make no spec: {error}") from error
    if not further:
        return comparison
    plain = max(1, further // 10)
    budget = replace(workshop.budget, runs=plain, schedules=further - plain)
    more = replace(workshop, budget=budget)
    again = more.gather(draft, seed=_FURTHER_SEED)
    refuted = refuted_by(proposed_spec(written.directory, proposed), again, workshop.toolchains)
    return replace(comparison, refuted=refuted, further=further)


if __name__ == "__main__":
    main()
