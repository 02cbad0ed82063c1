"""Comments and docstrings of programs, and their Korean in the code as Korean pages show it. Pure.

The programs themselves stay as they are. The Korean of a comment is kept with the other texts of
its example, by the digest of the English, and is shown where there is one. Comments that
are headings of steps are texts of their own (see ``harness.site.steps``).
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.language.python_syntax import parsed
from harness.values.program import Side

WIDTH = 76
"""Columns of a line with a comment at most; a letter of Korean takes two."""

_STEP = re.compile(r"[ \t]*(?:#|//) [1-9]\d?\. \S")
_COMMENTS = {
    Side.PYTHON: re.compile(r"(?P<indent>[ \t]*)(?P<sign>#) ?(?P<text>.*)$"),
    Side.RUST: re.compile(r"(?P<indent>[ \t]*)(?P<sign>//[/!]?) ?(?P<text>.*)$"),
}
_QUOTES = '"""'


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Lines ``start`` to ``end`` (0-based, half-open) of a source, and what they say.

    ``sign`` is what each of its lines begins with behind the indent; of a docstring the quotes.
    """

    start: int
    end: int
    indent: str
    sign: str
    text: str


def comments_of(source: str, side: Side) -> tuple[Comment, ...]:
    """What stands in lines of its own, in order; headings of steps left out."""
    lines = source.rstrip("\n").split("\n")
    found = [*_docstrings(source, lines)] if side is Side.PYTHON else []
    within = {line for comment in found for line in range(comment.start, comment.end)}
    found += [each for each in _blocks(lines, side) if each.start not in within]
    return tuple(sorted(found, key=lambda each: each.start))


def _docstrings(source: str, lines: Sequence[str]) -> Iterator[Comment]:
    """Those that begin on a line of their own, where a translation can take their place."""
    for node in ast.walk(parsed(source)):
        if not isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            continue
        text = ast.get_docstring(node)
        if text and lines[(first := node.body[0]).lineno - 1].lstrip().startswith(_QUOTES):
            yield Comment(
                start=first.lineno - 1,
                end=first.end_lineno or first.lineno,
                indent=" " * first.col_offset,
                sign=_QUOTES,
                text=text,
            )


def _blocks(lines: Sequence[str], side: Side) -> Iterator[Comment]:
    """Comments in lines that follow upon each other, of one sign and one indent."""
    start = 0
    while start < len(lines):
        found = _COMMENTS[side].match(lines[start])
        end = start + 1
        while found and end < len(lines) and _goes_on(found, lines[end], side):
            end += 1
        if found and found["text"] and not _STEP.match(lines[start]):
            matches = (_COMMENTS[side].match(line) for line in lines[start:end])
            yield Comment(
                start=start,
                end=end,
                indent=found["indent"],
                sign=found["sign"],
                text="\n".join(match["text"] for match in matches if match),
            )
        start = end


def _goes_on(first: re.Match[str], line: str, side: Side) -> bool:
    """Whether a line goes on with the comment: the same sign at the same place, and no new step."""
    found = _COMMENTS[side].match(line)
    is_same = found and (found["sign"], found["indent"]) == (first["sign"], first["indent"])
    return bool(is_same) and not _STEP.match(line)


def translated(
    lines: Sequence[Markup], comments: Sequence[Comment], korean: Mapping[str, str]
) -> tuple[Markup | None, ...]:
    """The highlighted lines with the Korean of comments, by the English, in their place.

    It stands in the first line of each; the others are ``None``, and are left out.
    """
    shown: list[Markup | None] = list(lines)
    for comment in comments:
        if text := korean.get(comment.text):
            shown[comment.start : comment.end] = [_in_place(comment, text)] + [None] * (
                comment.end - comment.start - 1
            )
    return tuple(shown)


def _in_place(comment: Comment, text: str) -> Markup:
    """The comment with another text, folded to the same width and coloured as it was."""
    is_quoted = comment.sign == _QUOTES
    room = WIDTH - len(comment.indent) - len(comment.sign)
    rows = wrapped(text, room)
    if is_quoted:
        rows = [_QUOTES + rows[0], *rows[1:]]
        rows[-1] += _QUOTES
    else:
        rows = [f"{comment.sign} {row}" for row in rows]
    line = Markup('{}<span class="{}">{}</span>')
    kind = "s" if is_quoted else "c"
    return Markup("\n").join(line.format(comment.indent, kind, row) for row in rows)


def wrapped(text: str, room: int) -> list[str]:
    """The words in lines of at most ``room`` columns, as far as a single word allows it."""
    rows = [""]
    for word in text.split():
        if rows[-1] and columns(rows[-1]) + 1 + columns(word) > room:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def columns(text: str) -> int:
    """How wide a text stands in code."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
