"""What the site leads to, looked up in copies of the documentation.

``python -m tests.site.documented PLACE...`` looks for every address that a page can hold, and
writes in which versions it was found into ``documented.toml``, which the tests go by. A place is
the directory of one copy, with its site and version before it::

    python=3.13=/usr/share/doc/python3.13/html             Debian's python3.13-doc
    rust=1.95.0=$(rustc --print sysroot)/share/doc/rust/html   rustup's component rust-docs
    crates=latest=target/doc                                 cargo doc, of the crates of the table
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from textwrap import wrap

from harness.site.counterparts import counterparts, documented_elsewhere
from harness.site.documentation import documented
from harness.site.views.counterparts import documentation_of
from harness.values.program import Side

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_suffix(".toml")

ERRORS = "errors"
"""What the index of errors is called in the table: it has no versions, and all codes are kept."""

SITES = {
    ERRORS: re.compile(r"https://doc\.rust-lang\.org/error_codes/(?P<path>E\d{4})\.html"),
    "python": re.compile(r"https://docs\.python\.org/(?P<version>[\d.]+)/(?P<path>.+)"),
    "rust": re.compile(r"https://doc\.rust-lang\.org/(?P<version>stable|[\d.]+)/(?P<path>.+)"),
    "crates": re.compile(r"https://docs\.rs/[\w-]+/(?P<version>latest)/(?P<path>.+)"),
}
"""Whose documentation an address is of, in which version, and where it stands below that."""

_NEWEST = ("", "3", "stable", "latest", None)

Found = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By site, the versions in which each of its paths was found."""


def split(address: str) -> tuple[str, str, str]:
    """An address's site, version (empty: the newest) and path; the first is empty for others."""
    for site, form in SITES.items():
        if found := form.fullmatch(address):
            version = found.groupdict().get("version")
            return site, "" if version in _NEWEST else version, found["path"]
    return "", "", ""


@cache
def looked_up() -> Found:
    """The table."""
    kept = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    version, codes = kept.pop(ERRORS).popitem()
    errors = dict.fromkeys(codes.split(), (version,))
    return {ERRORS: errors} | {
        site: {path: tuple(versions.split()) for path, versions in paths.items()}
        for site, paths in kept.items()
    }


def is_documented(address: str) -> bool:
    """Whether an address was found; where not in just its version, then in those around it."""
    site, version, path = split(address)
    kept = looked_up().get(site, {})
    known = sorted({v for versions in kept.values() for v in versions}, key=numbers)
    below = [v for v in known if not version or numbers(v) <= numbers(version)][-1:]
    above = [v for v in known if version and numbers(v) >= numbers(version)][:1]
    return bool(below or above) and {*below, *above} <= {*kept.get(path, ())}


def numbers(version: str) -> tuple[int, ...]:
    """A version as it is compared: Python's by its first two numbers."""
    return tuple(map(int, re.findall(r"\d+", version)))


def wanted() -> Iterator[tuple[str, str]]:
    """Every site and path that a page can lead to."""
    for side in Side:
        for places in documented(side).values():
            yield from ((side.value, path) for path in places.values())
        for group in counterparts():
            for name in (name for row in group.rows for name in row.names[side]):
                yield from _parts(documentation_of(name, side))
    for address in documented_elsewhere().values():
        yield from _parts(address)


def _parts(address: str) -> Iterator[tuple[str, str]]:
    site, _, path = split(address)
    if site:
        yield site, path


def find(copies: Iterable[tuple[str, str, Path]]) -> Found:
    """In which copies each address that is wanted stands."""
    found: dict[str, dict[str, list[str]]] = {}
    paths = sorted(set(wanted()))
    for site, version, directory in copies:
        for path in (path for of, path in paths if of == site):
            if _stands(directory, path):
                found.setdefault(site, {}).setdefault(path, []).append(version)
        if codes := [page.stem for page in directory.glob("error_codes/E*.html")]:
            found[ERRORS] = {code: [version] for code in codes}  # the newest copy is the last
    return {s: {p: tuple(v) for p, v in paths.items()} for s, paths in found.items()}


def _stands(directory: Path, path: str) -> bool:
    name, _, anchor = path.partition("#")
    page = directory / name
    return page.is_file() and (not anchor or f'id="{anchor}"' in page.read_text(encoding="utf-8"))


def write(found: Found) -> None:
    """Write the table."""
    lines = ['# Made by "python -m tests.site.documented": the versions in which each was found.']
    errors = found[ERRORS]
    version = next(iter(errors.values()))[0]
    codes = wrap(" ".join(sorted(errors)), 96)
    lines += ["", f"[{ERRORS}]", f'"{version}" = """', *codes, '"""']
    for site, paths in ((site, paths) for site, paths in found.items() if site != ERRORS):
        lines += ["", f"[{site}]"]
        lines += [f'"{path}" = "{" ".join(paths[path])}"' for path in sorted(paths)]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _copies(places: Iterable[str]) -> Iterator[tuple[str, str, Path]]:
    for place in places:
        site, version, directory = place.split("=", 2)
        yield site, version, Path(directory)


if __name__ == "__main__":
    write(find(sorted(_copies(sys.argv[1:]), key=lambda copy: (copy[0], numbers(copy[1])))))
