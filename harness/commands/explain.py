"""harness explain: what a family of properties says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

import click

from harness.authoring.reference import family_lines
from harness.language.properties.registry import FAMILIES
from harness.values.errors import UsageError
from harness.values.words import listed, nearest

WIDTH = 80
"""Columns that every terminal has."""

_CELLS = re.compile(r"(?<!\\)\|")  # what stands in a cell is escaped


@click.command("explain")
@click.argument("family", required=False)
def command(*, family: str | None) -> None:
    """Explain a FAMILY of properties; without one, list them all.

    The same text is in docs/spec.md: both are made from what the loader reads.
    """
    if family is None:
        for name, each in FAMILIES.items():
            first, *rest = wrap(each.summary, WIDTH - 15)
            click.echo(f"{click.style(f'{name:<14}', bold=True)} {first}")
            for line in rest:
                click.echo(f"{'':15}{line}")
        return
    if family not in FAMILIES:
        raise UsageError(
            f'there is no family "{family}"{nearest(family, FAMILIES)}; there is {listed(FAMILIES)}'
        )
    for line in rendered(family_lines(FAMILIES[family])):
        click.echo(line)


def rendered(lines: Iterable[str]) -> Iterator[str]:
    """The Markdown of a family as it is read on a terminal; colours are click's to leave out."""
    is_code = False
    for line in lines:
        if line.startswith("```"):
            is_code = not is_code
        elif is_code:
            yield f"    {line}".rstrip()
        elif line.startswith("#"):
            yield click.style(line.lstrip("# "), bold=True)
        elif line.startswith("|"):
            yield from _row(line)
        else:
            yield from _prose(line)


def _row(line: str) -> Iterator[str]:
    """One key: its name and what it takes, and below that what it says."""
    name, takes, says = (cell.strip() for cell in _CELLS.split(line.strip("| ")))
    if name.startswith("`"):
        yield f"  {click.style(_plain(name), bold=True)}  {click.style(_plain(takes), dim=True)}"
        yield from wrap(_plain(says), WIDTH, initial_indent="      ", subsequent_indent="      ")


def _prose(line: str) -> Iterator[str]:
    colour = {"accepted": "green", "refused:": "red"}.get(line.partition(" ")[0])
    for each in wrap(_plain(line), WIDTH) or [""]:
        yield click.style(each, fg=colour) if colour else each


def _plain(text: str) -> str:
    """Without the marks of Markdown."""
    return text.replace("`", "").replace("\\|", "|")
