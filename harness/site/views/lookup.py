"""From a name in one language to the pairs that use it, and to what the other one uses there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.site.data import PageData
from harness.site.lookup_names import names_in
from harness.values.program import Side

_CONCURRENT = ("threading", "queue", "concurrent", "asyncio", "multiprocessing", "ctypes")
_CONCURRENT_RUST = ("std::sync", "std::thread", "std::cell", ".")
_ABOUT = (*_CONCURRENT, "time", *_CONCURRENT_RUST, "std::time", "std::rc")
"""What a reader looks up; names of other modules stand below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """A pair that uses a name, and what its other side uses."""

    example: str
    title: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """Names of one module that the same pairs use. ``names`` are (id, name within the module)."""

    names: tuple[tuple[str, str], ...]
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
            *(names_in(side, page.source(program)) for program in page.spec.programs_of(side))
        )
        for page in pages
        for side in Side
    }


def lookup_views(
    pages: Sequence[PageData], names: Names, side: Side, titles: dict[str, str]
) -> tuple[GroupView, ...]:
    """The table of one side, by module; ``titles`` are those of the examples by id.

    Names with the same uses share an entry, where the first of them would stand.
    """
    groups: dict[str, dict[tuple[UseView, ...], list[tuple[str, str]]]] = {}
    for name in sorted({n for page in pages for n in names[page.spec.id, side]}, key=_by_module):
        module = module_of(name)
        entries = groups.setdefault(module, {})
        uses = tuple(_uses(pages, names, side, name, titles))
        entries.setdefault(uses, []).append((slug(name), _within(module, name)))
    return tuple(
        GroupView(
            module=module,
            entries=tuple(EntryView(names=tuple(n), uses=uses) for uses, n in entries.items()),
        )
        for module, entries in groups.items()
    )


def _uses(
    pages: Sequence[PageData], names: Names, side: Side, name: str, titles: dict[str, str]
) -> Iterator[UseView]:
    """The pairs in which a name is used, each with what the other side has in its place."""
    other = _other(side)
    for page in pages:
        if name in names[page.spec.id, side]:
            yield UseView(
                example=page.spec.name,
                title=titles[page.spec.id],
                others=_concurrent(names[page.spec.id, other], other),
            )


def _within(module: str, name: str) -> str:
    """The name without its module, which stands above it; a module's own name is left whole."""
    return name.removeprefix(module).lstrip(":.") or name if module else name


def _other(side: Side) -> Side:
    return Side.RUST if side is Side.PYTHON else Side.PYTHON


def _concurrent(names: frozenset[str], side: Side) -> tuple[str, ...]:
    """Those of the names that are about threads, types and functions before methods.

    A class is left out where a method of it is there, which names it: the page is long enough.
    """
    prefixes = _CONCURRENT if side is Side.PYTHON else _CONCURRENT_RUST
    named = {name.rpartition("." if side is Side.PYTHON else "::")[0] for name in names}
    kept = [name for name in names if name.startswith(prefixes) and name not in named]
    return tuple(sorted(kept, key=lambda name: (name.startswith("."), name)))


def _by_module(name: str) -> tuple[bool, bool, str, str]:
    return (not name.startswith(_ABOUT), name.startswith("."), module_of(name), name)


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
