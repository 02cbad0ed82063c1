"""Links from names of the two standard libraries in the programs to their documentation. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

from harness.values.program import Side

LINKS_FILE = Path(__file__).with_name("links.toml")

_SITES: Mapping[Side, tuple[str, str]] = {
    Side.PYTHON: ("https://docs.python.org/{}/", "3"),
    Side.RUST: ("https://doc.rust-lang.org/{}/", "stable"),
}
"""Where each documentation is, by version, and the version where none is known."""

_TAGS = re.compile(r"(<[^>]*>)")


ALWAYS = ""
"""Stands for the version since which a name is documented, where that is older than all we know."""


@cache
def documented(side: Side) -> Mapping[str, Mapping[str, str]]:
    """Where each name's documentation stands below its site, by the version since when it does.

    The oldest version comes first.
    """
    kept = tomllib.loads(LINKS_FILE.read_text(encoding="utf-8"))[side.value]
    return {
        name: place if isinstance(place, dict) else {ALWAYS: place} for name, place in kept.items()
    }


def address_of(name: str, side: Side, version: str = "") -> str:
    """The address of a name's documentation, for a version of the toolchain; empty for none.

    What a version does not document yet is shown as the newest one has it.
    """
    site, newest = _SITES[side]
    places = documented(side).get(name)
    if places is None:
        return ""
    if version:
        known = ".".join(version.split(".")[:2]) if side is Side.PYTHON else version
        for since in reversed(tuple(places)):
            if _numbers(since) <= _numbers(version):
                return site.format(known) + places[since]
    return site.format(newest) + places[tuple(places)[-1]]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def linked_lines(
    lines: Sequence[Markup], source: str, names: Iterable[str], side: Side, version: str
) -> tuple[Markup, ...]:
    """The highlighted ``source``, the first use of each name led to its documentation."""
    known = sorted(_with_owners(names))
    wanted = {form: name for name in known for form in _forms(name, side, source)}
    addresses = {
        form: url for form, name in wanted.items() if (url := address_of(name, side, version))
    }
    if not addresses:
        return tuple(lines)
    pattern = re.compile("|".join(map(_whole, sorted(addresses, key=len, reverse=True))))
    done: set[str] = set()
    return tuple(Markup("").join(_linked(line, pattern, addresses, done)) for line in lines)


def _linked(
    line: Markup, pattern: re.Pattern[str], addresses: Mapping[str, str], done: set[str]
) -> Iterator[Markup]:
    """The pieces of a line of highlighted code, a name linked where it comes first on the page."""

    def link(found: re.Match[str]) -> str:
        if addresses[found[0]] in done:
            return found[0]
        done.add(addresses[found[0]])
        return f'<a href="{addresses[found[0]]}">{found[0]}</a>'

    is_said = False
    for index, part in enumerate(_TAGS.split(str(line))):
        if index % 2:  # a tag: what stands in a comment or in a text is no use of a name
            is_said = part in ('<span class="c">', '<span class="s">')
        # The line has been escaped, and names hold nothing that would have to be.
        yield Markup(part if index % 2 or is_said else pattern.sub(link, part))  # noqa: S704


def _with_owners(names: Iterable[str]) -> frozenset[str]:
    """The names, and what those with a page of their owner alone belong to; no bare methods."""
    full = {name for name in names if not name.startswith(".")}
    return frozenset(full | {name.rpartition("::")[0] for name in full if name.count("::") > 1})


def _forms(name: str, side: Side, source: str) -> Iterator[str]:
    """How a program can write a name: with its module, or alone where it is imported so."""
    if side is Side.PYTHON:
        yield name
        module, _, last = name.rpartition(".")
        if re.search(rf"^from {re.escape(module)} import .*\b{last}\b", source, re.MULTILINE):
            yield last
        return
    *_, module, last = name.split("::")
    yield f"{module}::{last}"
    if last[:1].isupper():
        yield last


def _whole(form: str) -> str:
    return rf"(?<![\w.]){re.escape(form)}(?!\w)"
