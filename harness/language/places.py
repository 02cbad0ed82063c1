"""Where the keys of a TOML text stand, so that a complaint can name the line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_WORD = r"""(?:[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')"""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NAME = rf"{_WORD}(?:[ \t]*+\.[ \t]*+{_WORD})*+"
_TOKEN = re.compile(
    rf"""
      ^[ \t]*+(?P<open>\[\[?)[ \t]*+(?P<table>{_NAME})[ \t]*+\]\]?[ \t]*+(?:\#.*)?$
    | \"\"\"(?:\\(?:.|\n)|[^"\\]|"(?!""))*+\"{{3,5}}
    | '''(?:[^']|'(?!''))*+'{{3,5}}
    | \#.*
    | (?P<name>{_NAME})(?P<equals>[ \t]*+=)?
    | (?P<mark>[\[\]{{}},])
    """,
    re.VERBOSE | re.MULTILINE,
)


def lines_of_keys(text: str) -> dict[str, int]:
    """Return the 1-based line of each table and key of a valid TOML text, by its path.

    A path is written ``always.totals-agree.order.chain[2]``; the tables in an array
    are numbered from 0, be they written with headers or inline. A key that is no
    bare word keeps its quotes: ``"a round is skipped".breaks``.
    """
    reader = _KeyReader()
    line, at = 1, 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        # Texts and comments have no name; a bare word outside of an array is a value (true, 12).
        if kind is None or (kind == "name" and not reader.is_in_array):
            continue
        line, at = line + text.count("\n", at, token.start()), token.start()
        reader.take(token, kind, line)
    return reader.lines


@dataclass(slots=True)
class _KeyReader:
    """What is known after some tokens.

    ``prefix`` is the path of the table that keys now belong to, ``here`` that
    of the value that is being read; ``outer`` holds, for each bracket that is
    open, both as they were before it. ``counts`` numbers the arrays of tables.
    """

    lines: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    prefix: str = ""
    here: str = ""
    outer: list[tuple[str, str, str]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)

    @property
    def is_in_array(self) -> bool:
        """Whether the innermost bracket that is open is that of an array."""
        return bool(self.outer) and self.outer[-1][0] == "["

    def take(self, token: re.Match[str], kind: str, line: int) -> None:
        """Go on by one token, which starts on ``line``."""
        match kind:
            case "table" if not self.outer:
                self.prefix = self._table_path(token["table"], token["open"])
                self.lines.setdefault(self.prefix, line)
            case "table":
                self.lines.setdefault(self.here, line)
            case "equals":
                self.here = self.prefix
                for part in _parts(token["name"]):
                    self.here = f"{self.here}.{part}" if self.here else part
                    self.lines.setdefault(self.here, line)
            case "name":
                self.lines.setdefault(self.here, line)
            case _:
                self._take_mark(token["mark"], line)

    def _take_mark(self, mark: str, line: int) -> None:
        """A bracket or a comma. Commas matter in arrays alone, whose items have numbers."""
        match mark:
            case "[" | "{":
                self.lines.setdefault(self.here, line)
                self.outer.append((mark, self.prefix, self.here))
                self.items.append(0)
                if mark == "{":
                    self.prefix = self.here
                else:
                    self.here += "[0]"
            case "]" | "}" if self.outer:
                _, self.prefix, self.here = self.outer.pop()
                self.items.pop()
            case "," if self.is_in_array:
                self.items[-1] += 1
                self.here = f"{self.outer[-1][2]}[{self.items[-1]}]"

    def _table_path(self, name: str, bracket: str) -> str:
        """The path of a header.

        ``[[name]]`` begins the next table of an array, and its inner arrays anew.
        """
        parts = _parts(name)
        name = ".".join(parts)
        if bracket == "[[":
            self.counts[name] = self.counts.get(name, -1) + 1
            for inner in [other for other in self.counts if other.startswith(f"{name}.")]:
                del self.counts[inner]
        return self._with_indexes(parts)

    def _with_indexes(self, parts: Iterable[str]) -> str:
        """``property.outcomes`` → ``property[2].outcomes`` where ``property`` is an array."""
        path, bare = "", ""
        for part in parts:
            bare = f"{bare}.{part}" if bare else part
            path = f"{path}.{part}" if path else part
            if bare in self.counts:
                path += f"[{self.counts[bare]}]"
        return path


def _parts(name: str) -> list[str]:
    """The keys of a dotted one, each as ``written_key`` gives it."""
    if name.replace("-", "_").isidentifier():
        return [name]
    return [_part(word) for word in re.findall(_WORD, name)]


def _part(word: str) -> str:
    """One key as ``written_key`` gives it, whichever quotes it was written in."""
    match word[0]:
        case '"':
            return word[1:-1] if _BARE.fullmatch(word[1:-1]) else word
        case "'":
            return written_key(word[1:-1])
        case _:
            return word


def written_key(key: str) -> str:
    """A key as TOML has it: bare where it can be, else in quotes."""
    return key if _BARE.fullmatch(key) else written_text(key)


def written_text(text: str) -> str:
    """A text as TOML has it, in quotes.

    A JSON string is a basic string of TOML, but for U+007F, which only TOML has escaped.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", r"\u007f")
