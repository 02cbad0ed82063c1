"""harness explain: what a family of properties says."""

from __future__ import annotations

import click

from harness.authoring.reference import family_lines
from harness.language.properties.registry import FAMILIES
from harness.values.errors import UsageError
from harness.values.words import listed, nearest


@click.command("explain")
@click.argument("family", required=False)
def command(*, family: str | None) -> None:
    """Explain a FAMILY of properties; without one, list them all.

    The same text is in docs/spec.md: both are made from what the loader reads.
    """
    if family is None:
        for name, each in FAMILIES.items():
            click.echo(f"{click.style(f'{name:<14}', bold=True)} {each.summary}")
        return
    if family not in FAMILIES:
        raise UsageError(
            f'there is no family "{family}"{nearest(family, FAMILIES)}; there is {listed(FAMILIES)}'
        )
    click.echo("\n".join(family_lines(FAMILIES[family])))
