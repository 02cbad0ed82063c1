"""harness list: what examples there are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click
from rich.cells import cell_len, set_cell_size

from harness.commands.shared import chosen_specs, corpus_option, unlisted_notes
from harness.commands.telling import tell
from harness.language.declarations import Spec
from harness.reports.columns import columns_of
from harness.reports.styled import COLUMNS
from harness.values.words import count_of, visible


@click.command("list")
@click.argument("select", nargs=-1)
@corpus_option
def command(*, select: tuple[str, ...], corpus: Path | None) -> None:
    """List the examples that SELECT means (all without it), by topic."""
    specs = chosen_specs(select, corpus)
    columns = columns_of(sys.stdout)
    topics = list(dict.fromkeys(spec.topic for spec in specs))
    ordered = sorted(specs, key=lambda spec: topics.index(spec.topic))
    rows = dict(zip((spec.id for spec in ordered), table_rows(ordered, columns), strict=True))
    for topic, group in groupby(ordered, lambda spec: spec.topic):
        click.secho(topic, bold=True)
        for spec in group:
            click.echo(rows[spec.id])
    for line in unlisted_notes(specs):
        tell(line, dim=True)


def table_rows(specs: Sequence[Spec], columns: int = COLUMNS) -> list[str]:
    """A row for each example: name, title, and how many properties it has.

    Where they do not fit into ``columns`` the numbers are left out, and then
    what is too long of a title.
    """
    names = max(len(spec.name) for spec in specs)
    titles = max(cell_len(visible(spec.title)) for spec in specs)
    rows = []
    for spec in specs:
        title = visible(spec.title)
        count = count_of(len(spec.properties), "property")
        row = f"  {spec.name:<{names}}  {set_cell_size(title, titles)}  {count:>14}"
        if cell_len(row) > columns:
            room = max(1, columns - names - 4)
            cut = (
                title if cell_len(title) <= room else f"{set_cell_size(title, room - 1).rstrip()}…"
            )
            row = f"  {spec.name:<{names}}  {cut}"
        rows.append(row)
    return rows
