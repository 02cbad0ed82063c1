"""TOML text → tables: all of TOML, as the standard library reads it, within measure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.language.spec.files import read_text
from harness.language.tables import Source
from harness.values.errors import SpecError

MAX_LENGTH = 1 << 16
"""Characters of a spec. Some checks compare everything with everything."""

MAX_ITEMS = 1000
"""Items of one list, for the same reason."""

MAX_DEPTH = 12
"""Levels of tables and lists within each other; no spec has a use for half as many."""

_PLACE = re.compile(r"(?P<reason>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)


def read_source(path: Path, what: str) -> Source:
    """The text of a file of the spec language; raises SpecError that says what was expected."""
    try:
        return Source(path, read_text(path, path.name))
    except SpecError as error:
        raise SpecError(f"{path}: expected {what}: {error}") from None


def read_toml(source: Source) -> Mapping[str, Any]:
    """The tables of a TOML text; raises SpecError for what is no TOML, or too much of it."""
    if len(source.text) > MAX_LENGTH:
        raise source.fault(
            "", f"expected at most {MAX_LENGTH} characters, found {len(source.text)}"
        )
    data = _read(source)
    for path, message in _oversized("", data, 0):
        raise source.fault(path, message)
    return data


def _read(source: Source) -> Mapping[str, Any]:
    """Raises SpecError for whatever ``tomllib`` raises, with the line if it says one."""
    line = 0
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        if found := _PLACE.fullmatch(reason):
            reason, line = f"{found['reason']} (column {found['column']})", int(found["line"])
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError:
        # What else int() and datetime refuse, which tomllib lets through.
        reason = "a number of too many digits, or a date that does not exist"
    place = f"{source.path}:{line}" if line else str(source.path)
    raise SpecError(f"{place}: no valid TOML: {reason}", file=source.path.name, line=line)


def _oversized(path: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    """What is too large for a spec, by its path."""
    match value:
        case dict() | list() if depth > MAX_DEPTH:
            yield path, f"expected at most {MAX_DEPTH} levels of tables and lists"
        case dict():
            for key, inner in value.items():
                yield from _oversized(_join(path, key), inner, depth + 1)
        case list() if len(value) > MAX_ITEMS:
            yield path, f"expected at most {MAX_ITEMS} items, found {len(value)}"
        case list():
            for index, inner in enumerate(value):
                yield from _oversized(f"{path}[{index}]", inner, depth + 1)
        case int() if not -(1 << 63) <= value < 1 << 63:
            yield path, "expected a number of at most 64 bits"


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
