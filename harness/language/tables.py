"""Strict reading of TOML tables.

A :class:`Table` hands out each key once, by type; what nobody asked for is an
unknown key, refused with the nearest valid one. Every complaint names the
file, the line and the key path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from harness.language.places import lines_of_keys, written_key
from harness.values.errors import SpecError
from harness.values.words import kind_of, listed, nearest

_PATH = re.compile(r'[\w.\[\]-]*|"(?:\\.|[^"\\])*"', re.ASCII)
_INDEX = re.compile(r"\[(\d+)\]$")
_LAST_KEY = re.compile(r"""(?:^|\.)(?:"(?:\\.|[^"\\])*"|[^".]+)$""")

_Word = TypeVar("_Word", bound=str)
"""One of the words of a choice: as precisely as the caller wants it."""


@dataclass(frozen=True)
class Source:
    """The text that a table comes from, and where it lies."""

    path: Path
    text: str

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        return lines_of_keys(self.text)

    def line_of(self, key_path: str) -> int:
        """The 1-based line of ``key_path`` (``property[2].order``), 0 if unknown.

        What has no line of its own is taken to be where the table around it is.
        """
        while key_path:
            for known in (key_path, f"{key_path}[0]"):
                if known in self._lines:
                    return self._lines[known]
            key_path = _parent(key_path)
        return 0

    def fault(self, key_path: str, message: str, *, at: str = "") -> SpecError:
        """The error that says ``message`` of ``key_path``; the line is that of ``at`` if given."""
        line = self.line_of(at or key_path)
        place = f"{self.path}:{line}" if line else str(self.path)
        told = f"{place}: {key_path}: {message}" if key_path else f"{place}: {message}"
        return SpecError(told, file=self.path.name, line=line)


def _parent(key_path: str) -> str:
    """The path of the table or array around; empty for that of all."""
    without_index = _INDEX.sub("", key_path)
    if without_index != key_path:
        return without_index
    return _LAST_KEY.sub("", key_path)


_REQUIRED: Any = object()


class Table:
    """One TOML table on its way to becoming a value.

    Each reader takes the key away; :meth:`finish` refuses what is left. All
    of them raise :class:`SpecError`.
    """

    def __init__(self, source: Source, path: str, data: object) -> None:
        self.source = source
        self.path = path
        if not isinstance(data, Mapping):
            raise source.fault(path, f"expected a table, found {kind_of(data)}")
        self._data = dict(data)
        self._known: list[str] = []

    def fail(self, key: str, message: str) -> NoReturn:
        """Refuse the value of ``key`` (or, if empty, the table itself)."""
        raise self.source.fault(self.at(key), message)

    def at(self, key: str) -> str:
        """The key path of ``key`` in this table; it may be a path by itself."""
        written = key if _PATH.fullmatch(key) else written_key(key)
        return ".".join(part for part in (self.path, written) if part)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that have not been taken yet."""
        return tuple(self._data)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there, and has not been taken yet."""
        return key in self._data

    def take(self, key: str, default: Any = _REQUIRED) -> Any:
        """The value of ``key``, whatever its type; refused if it is required and missing."""
        self._known.append(key)
        if key in self._data:
            return self._data.pop(key)
        if default is _REQUIRED:
            self.fail("", f'expected the key "{key}", which is missing{nearest(key, self._data)}')
        return default

    def peek(self, key: str) -> Any:
        """The value of ``key`` without taking it; ``None`` if there is none."""
        return self._data.get(key)

    def _typed(self, key: str, default: Any, types: tuple[type, ...], wanted: str) -> Any:
        """The value, which has to be of these types.

        To Python true is a number, to TOML it is not.
        """
        value = self.take(key, default)
        if value is default:
            return value
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            self.fail(key, f"expected {wanted}, found {kind_of(value)}")
        return value

    def text(self, key: str, default: Any = _REQUIRED, *, may_be_empty: bool = False) -> str:
        """A text; a required one must not be empty, unless it may."""
        value: str = self._typed(key, default, (str,), "a text")
        if default is _REQUIRED and not may_be_empty and not value.strip():
            self.fail(key, "expected a text, found an empty one")
        return value

    def integer(self, key: str, default: Any = _REQUIRED) -> Any:
        """A whole number."""
        return self._typed(key, default, (int,), "a whole number")

    def number(self, key: str, default: Any = _REQUIRED) -> Any:
        """A number."""
        return self._typed(key, default, (int, float), "a number")

    def flag(self, key: str, default: Any = _REQUIRED) -> Any:
        """``true`` or ``false``."""
        return self._typed(key, default, (bool,), "true or false")

    def choice(self, key: str, choices: Sequence[_Word], default: Any = _REQUIRED) -> _Word:
        """One of the listed words."""
        value: Any = self.text(key, default)
        if value is not default and value not in choices:
            self.fail(
                key, f'expected one of {listed(choices)}, found "{value}"{nearest(value, choices)}'
            )
        word: _Word = value
        return word

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""
        value = self.take(key, default)
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list | tuple):
            self.fail(key, f"expected a text or a list of texts, found {kind_of(value)}")
        for item in value:
            if not isinstance(item, str):
                self.fail(key, f"expected a list of texts, found {kind_of(item)} in it")
        return tuple(value)

    def table(self, key: str, default: Any = _REQUIRED) -> Table:
        """An inner table."""
        return Table(self.source, self.at(written_key(key)), self.take(key, default))

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables, empty if the key is missing."""
        value = self.take(key, [])
        if not isinstance(value, list | tuple):
            self.fail(key, f"expected a list of tables, found {kind_of(value)}")
        path = self.at(key)
        return tuple(
            Table(self.source, f"{path}[{index}]", item) for index, item in enumerate(value)
        )

    def finish(self) -> None:
        """Refuse the keys that nobody has taken."""
        for key in self._data:
            raise self.source.fault(
                self.path,
                f'unknown key "{key}"{nearest(key, self._known)}; known here: '
                f"{listed(sorted(set(self._known)))}",
                at=self.at(key),
            )
