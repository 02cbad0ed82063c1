"""From a name in one language to the pairs that use it, and to what the other one uses there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from harness.model import Side
from harness.site.data import PageData
from harness.site.lookup_python import names_in_python
from harness.site.lookup_rust import names_in_rust

_READ: dict[Side, Callable[[str], frozenset[str]]] = {
    Side.PYTHON: names_in_python,
    Side.RUST: names_in_rust,
}
_CONCURRENT = ("threading", "queue", "concurrent", "asyncio", "multiprocessing", "ctypes")
_CONCURRENT_RUST = ("std::sync", "std::thread", "std::cell", ".")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """A pair that uses a name, and what its other side uses."""

    example: str
    title: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One name, and the pairs that use it."""

    id: str
    name: str
    uses: tuple[UseView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """The names of one module."""

    module: str
    entries: tuple[EntryView, ...]


Names = dict[tuple[str, Side], frozenset[str]]
"""What each side of each example uses, by the example's id."""


def names_of(pages: Iterable[PageData]) -> Names:
    """The names that the programs of each side use."""
    return {
        (page.spec.id, side): frozenset().union(
            *(_READ[side](page.source(program)) for program in page.spec.programs_of(side))
        )
        for page in pages
        for side in Side
    }


def lookup_views(
    pages: Sequence[PageData], names: Names, side: Side, titles: dict[str, str]
) -> tuple[GroupView, ...]:
    """The table of one side, by module; ``titles`` are those of the examples by id."""
    every = sorted({name for page in pages for name in names[page.spec.id, side]}, key=_by_module)
    groups: dict[str, list[EntryView]] = {}
    for name in every:
        uses = tuple(
            UseView(
                example=page.spec.name,
                title=titles[page.spec.id],
                others=_concurrent(names[page.spec.id, _other(side)], _other(side)),
            )
            for page in pages
            if name in names[page.spec.id, side]
        )
        groups.setdefault(module_of(name), []).append(
            EntryView(id=slug(name), name=name, uses=uses)
        )
    return tuple(
        GroupView(module=module, entries=tuple(entries)) for module, entries in groups.items()
    )


def _other(side: Side) -> Side:
    return Side.RUST if side is Side.PYTHON else Side.PYTHON


def _concurrent(names: frozenset[str], side: Side) -> tuple[str, ...]:
    """Those of the names that are about threads, types and functions before methods."""
    prefixes = _CONCURRENT if side is Side.PYTHON else _CONCURRENT_RUST
    kept = [name for name in names if name.startswith(prefixes)]
    return tuple(sorted(kept, key=lambda name: (name.startswith("."), name)))


def _by_module(name: str) -> tuple[bool, str, str]:
    return (name.startswith("."), module_of(name), name)


def module_of(name: str) -> str:
    """``threading`` of ``threading.Thread.join``, ``std::sync`` of ``std::sync::Mutex``."""
    if name.startswith("."):
        return ""
    separator = "::" if "::" in name else "."
    parts = name.split(separator)
    kept = [parts[0], *(part for part in parts[1:-1] if part.islower())]
    return separator.join(kept)


def slug(name: str) -> str:
    """A name as an id: stable, and without anything that an address would have to escape."""
    return name.strip(".").replace("()", "").replace("::", "-").replace(".", "-")
