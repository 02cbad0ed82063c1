"""harness list: what examples there are."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from harness.commands.shared import chosen_specs, corpus_option
from harness.reports.text import count_of, visible


@click.command("list")
@click.argument("select", nargs=-1)
@corpus_option
def command(*, select: tuple[str, ...], corpus: Path | None) -> None:
    """List the examples that SELECT means (all without it), by topic."""
    specs = chosen_specs(select, corpus)
    width = max(len(spec.name) for spec in specs)
    topics: dict[str, None] = dict.fromkeys(spec.topic for spec in specs)
    for topic, group in groupby(
        sorted(specs, key=lambda spec: list(topics).index(spec.topic)), lambda spec: spec.topic
    ):
        click.secho(topic, bold=True)
        for spec in group:
            count = count_of(len(spec.properties), "property")
            click.echo(f"  {spec.name:<{width}}  {visible(spec.title)}  ({count})")
