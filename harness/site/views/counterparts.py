"""The table of counterparts as a page shows it: each name with where it leads, and its pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.site.counterparts import Counterpart, counterparts, documented_elsewhere
from harness.site.data import PageData
from harness.site.documentation import address_of
from harness.site.texts import Translations
from harness.site.views.lookup import Names, slug
from harness.site.words import Words
from harness.values.program import Side

MAX_PAIRS = 3
"""Pairs that are named for a row: the first in the order of reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLink:
    """A name, and where it leads; ``is_here`` says that pairs use it, and that it leads to them."""

    name: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartView:
    """A row of the table."""

    id: str
    sides: tuple[tuple[str, tuple[NameLink, ...]], ...]
    differs: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartGroupView:
    """Some rows that belong together."""

    id: str
    title: str
    rows: tuple[CounterpartView, ...]


def counterpart_views(
    pages: Sequence[PageData],
    names: Names,
    titles: Mapping[str, str],
    translations: Translations,
    words: Words,
) -> tuple[CounterpartGroupView, ...]:
    """The table in the language of ``words``; ``titles`` are those of the pairs by id."""
    used = {side: _used(pages, names, side) for side in Side}
    return tuple(
        CounterpartGroupView(
            id=group.id,
            title=words.text(translations, group.id, group.title),
            rows=tuple(
                CounterpartView(
                    id=row_id(row),
                    sides=tuple(
                        (side.value, tuple(_link(n, side, used[side]) for n in row.names[side]))
                        for side in Side
                    ),
                    differs=words.text(translations, row.role, row.differs),
                    pairs=tuple(_pairs(row, pages, names, titles))[:MAX_PAIRS],
                )
                for row in group.rows
            ),
        )
        for group in counterparts()
    )


def rows_of(side: Side) -> Mapping[str, tuple[Counterpart, ...]]:
    """The rows of the table by the names of a side, as a look-up table has these."""
    found: dict[str, tuple[Counterpart, ...]] = {}
    for group in counterparts():
        for row in group.rows:
            for name in row.names[side]:
                for form in forms_of(name, side):
                    found[form] = (*found.get(form, ()), row)
    return found


def row_id(row: Counterpart) -> str:
    """The address of a row on its page."""
    return "-".join(slug(names[0]) for side in Side if (names := row.names[side])).replace("!", "")


def forms_of(name: str, side: Side) -> tuple[str, ...]:
    """How a name may stand in a look-up table: a method of Rust's stands there by itself."""
    owner, _, last = name.rpartition("::")
    is_method = side is Side.RUST and owner.rpartition("::")[2][:1].isupper()
    return (name, f".{last}()") if is_method else (name,)


def documentation_of(name: str, side: Side) -> str:
    """Where a name is documented; a method with its owner. Empty where nobody knows."""
    if address := documented_elsewhere().get(name) or address_of(name, side):
        return address
    owner, _, last = name.rpartition("." if side is Side.PYTHON else "::")
    address = address_of(owner, side)
    if side is Side.RUST:
        return f"{address}#method.{last}" if address else ""
    return f"{address.partition('#')[0]}#{name}" if address else ""


def _used(pages: Iterable[PageData], names: Names, side: Side) -> frozenset[str]:
    return frozenset[str]().union(*(names[page.spec.id, side] for page in pages))


def _link(name: str, side: Side, used: frozenset[str]) -> NameLink:
    """To where pairs use the name, if any does; else to its documentation."""
    form = next((form for form in forms_of(name, side) if form in used), "")
    here = f"from-{side.value}.html#{slug(form)}" if form else ""
    return NameLink(name=name, href=here or documentation_of(name, side), is_here=bool(here))


def _pairs(
    row: Counterpart, pages: Iterable[PageData], names: Names, titles: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The pairs that use the row on both sides, or on the one that has something."""
    for page in pages:
        if all(
            any(
                form in names[page.spec.id, side]
                for n in row.names[side]
                for form in forms_of(n, side)
            )
            for side in Side
            if row.names[side]
        ):
            yield f"pairs/{page.spec.name}.html", titles[page.spec.id]
