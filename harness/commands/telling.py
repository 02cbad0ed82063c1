"""Telling a line of prose on stdout, in as many columns as there are."""

from __future__ import annotations

import sys
from typing import Any

import click

from harness.reports.columns import columns_of
from harness.reports.styled import PLAIN, folded
from harness.values.words import visible


def tell(text: str, **styles: Any) -> None:
    """Write a line, folded where it is too long; ``styles`` are those of ``click.secho``."""
    for line in folded(((PLAIN, visible(text)),), columns_of(sys.stdout)):
        click.secho("".join(piece for _, piece in line).rstrip(), **styles)
