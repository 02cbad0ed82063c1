"""TOML text → tables, and nothing that was misread.

``toml`` refuses some valid texts and misreads others: three escaped quotes in a
text, texts of several lines in inline tables. So
what it makes of a text is compared with what ``tomllib`` does, and a
difference is the author's to write around. What ``tomllib`` refuses is no TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

import toml

from harness.errors import SpecError
from harness.tables import Source, kind_of

MAX_LENGTH = 1 << 16
"""Characters of a spec. Some checks compare everything with everything."""

MAX_ITEMS = 1000
"""Items of one list, for the same reason."""

MAX_DEPTH = 12
"""Levels of tables and lists within each other; no spec has a use for half as many."""

_WAY_ROUND = (
    'write it as a table of its own ("[property.order]"), its keys each on a line, '
    "or a text in single quotes"
)


def read_toml(source: Source) -> Mapping[str, Any]:
    """The tables of a TOML text; raises SpecError for whatever is no TOML, or is misread."""
    if len(source.text) > MAX_LENGTH:
        raise source.fault(
            "", f"expected at most {MAX_LENGTH} characters, found {len(source.text)}"
        )
    expected = _read_strictly(source)
    for path, message in _oversized("", expected, 0):
        raise source.fault(path, message)
    data = _read(source)
    # The texts of two values differ if the values do, and are made quickly.
    if repr(data) != repr(expected):
        for path, one, other in _differences("", data, expected):
            raise source.fault(
                path, f"valid TOML, but it would be read as {one}, not as {other}: {_WAY_ROUND}"
            )
    return data


def _read_strictly(source: Source) -> Mapping[str, Any]:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError:
        # What else int() and datetime refuse, which tomllib lets through.
        reason = "a number of too many digits, or a date that does not exist"
    raise SpecError(f"{source.path}: no valid TOML: {reason}")


def _read(source: Source) -> Mapping[str, Any]:
    try:
        return toml.loads(source.text)
    except toml.TomlDecodeError as error:
        reason, line = str(error).partition(" (line ")[0], f":{error.lineno}"
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        # The reader's own slips: it has no single kind of error.
        reason, line = type(error).__name__, ""
    raise SpecError(
        f"{source.path}{line}: valid TOML, but more than is taken here ({reason}): {_WAY_ROUND}"
    )


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


def _differences(path: str, one: object, other: object) -> Iterator[tuple[str, str, str]]:
    """Where two readings of a text differ, and what each makes of it there."""
    match one, other:
        case dict(), dict():
            for key in {**other, **one}:
                yield from _differences(_join(path, key), one.get(key), other.get(key))
        case list(), list():
            for index, (left, right) in enumerate(zip_longest(one, other)):
                yield from _differences(f"{path}[{index}]", left, right)
        case _ if type(one) is not type(other) or one != other:
            if one == one or other == other:  # noqa: PLR0124 - nan is the same in both readings
                yield path, _shown(one), _shown(other)


def _shown(value: object) -> str:
    return "nothing" if value is None else kind_of(value)
