"""The table of counterparts: what one language has in the place of what the other has."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from harness.values.program import Side

COUNTERPARTS_FILE = Path(__file__).with_name("counterparts.toml")

NOTHING = "–"
"""Stands in a row's role for the side that has nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """Names of each side that do the same, and how they differ; a side may have none."""

    names: Mapping[Side, tuple[str, ...]]
    differs: str

    @property
    def role(self) -> str:
        """By what its translation is kept: the first name of each side."""
        first = (next(iter(self.names[side]), NOTHING) for side in Side)
        return " → ".join(first)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartGroup:
    """Some rows of the table that belong together."""

    id: str
    title: str
    rows: tuple[Counterpart, ...]


@cache
def counterparts() -> tuple[CounterpartGroup, ...]:
    """The table, as it is kept by hand."""
    return tuple(
        CounterpartGroup(
            id=group["id"],
            title=group["title"],
            rows=tuple(
                Counterpart(
                    names={side: tuple(row[side.value]) for side in Side}, differs=row["differs"]
                )
                for row in group["rows"]
            ),
        )
        for group in _kept()["groups"]
    )


@cache
def documented_elsewhere() -> Mapping[str, str]:
    """Where what is in neither standard library is documented."""
    return dict(_kept()["elsewhere"])


def counterparts_english() -> Mapping[str, str]:
    """Every text of the table that is to be translated, by its role."""
    return dict(_texts())


def _texts() -> Iterator[tuple[str, str]]:
    for group in counterparts():
        yield group.id, group.title
        yield from ((row.role, row.differs) for row in group.rows)


@cache
def _kept() -> Mapping[str, Any]:
    return tomllib.loads(COUNTERPARTS_FILE.read_text(encoding="utf-8"))
