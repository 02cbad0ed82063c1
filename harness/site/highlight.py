"""Source text → highlighted lines of HTML. Everything is escaped; only classes are added."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import PythonLexer, RustLexer

from harness.values.program import Side

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_COLOURED = {
    "k": ("k", "kd", "kn", "kr", "kc", "ow"),
    "s": ("s", "s1", "s2", "sa", "sd", "se", "si", "sc", "sx"),
    "m": ("m", "mi", "mf", "il"),
    "c": ("c", "c1", "cm", "cs"),
    "nf": ("nf",),
    "nc": ("nc", "kt", "ne", "nb"),
}
"""The kinds of token that the stylesheet colours, each under one class. Other tokens need no
element, and neighbours of one kind only one between them: else a page would weigh twice as much."""

_CLASSES = {name: kind for kind, names in _COLOURED.items() for name in names}
_TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')
_NEIGHBOURS = re.compile(r'(<span class="(\w+)">[^<]*)</span><span class="\2">')

_LEXERS: dict[Side, type[Lexer]] = {Side.PYTHON: PythonLexer, Side.RUST: RustLexer}


_PART = re.compile(r"\n\n(?=[^\s)\]}])")
_ACROSS = {
    Side.PYTHON: re.compile(r'"""|\'\'\''),
    Side.RUST: re.compile(r'"|/\*|\*/'),
}
"""What can go on over an empty line: texts and comments of several lines. Where an odd number of
them stands in a part, it may be cut within one."""


def highlighted_lines(source: str, side: Side) -> tuple[Markup, ...]:
    """The lines of a program as HTML, each whole in itself.

    What stands between empty lines at the margin is read by itself: the many programs that differ
    from a pair's own in a line share the rest with it.
    """
    text = source.rstrip("\n")
    parts = _PART.split(text)
    if any(len(_ACROSS[side].findall(part)) % 2 for part in parts):
        return _lines(text, side)
    lines: list[Markup] = []
    for part in parts:
        code = part.rstrip("\n")
        lines += _lines(code, side)
        lines += [Markup()] * (len(part) - len(code) + 1)
    return tuple(lines[:-1])


@lru_cache(maxsize=4096)
def _lines(source: str, side: Side) -> tuple[Markup, ...]:
    """Highlighted lines, with as few spans as can be: neighbours of one kind become one."""
    lexer = _LEXERS[side](stripnl=False, ensurenl=False)
    text = highlight(source + "\n", lexer, _FORMATTER)  # a comment ends at the end of a line
    # The formatter has escaped the text, and closes its spans at the end of each line.
    text = _TOKEN.sub(_token, text)
    joined = _NEIGHBOURS.sub(r"\1", text)
    # Each pass joins two of three: what matches is used up, so that there may be more to join.
    while joined != text:
        text, joined = joined, _NEIGHBOURS.sub(r"\1", joined)
    lines = text.rstrip("\n").split("\n")
    return tuple(Markup(line) for line in lines)  # noqa: S704


def _token(found: re.Match[str]) -> str:
    """A token in the class of its kind; plain, if that has no colour."""
    kind = _CLASSES.get(found[1])
    return f'<span class="{kind}">{found[2]}</span>' if kind else found[2]
