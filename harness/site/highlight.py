"""Source text → highlighted lines of HTML. Everything is escaped; only classes are added."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import PythonLexer, RustLexer

from harness.model import Side

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_PLAIN = re.compile(r'<span class="(?:n|o|p|w|nn|na|nv|py|fm|x|bp|nd|no|vc)">([^<]*)</span>')
"""Tokens that the stylesheet does not colour: without their spans a page weighs half as much."""

_LEXERS: dict[Side, type[Lexer]] = {Side.PYTHON: PythonLexer, Side.RUST: RustLexer}


@lru_cache(maxsize=1024)
def highlighted_lines(source: str, side: Side) -> tuple[Markup, ...]:
    """The lines of a program as HTML, each whole in itself."""
    return _lines(source, _LEXERS[side](stripnl=False, ensurenl=False))


def _lines(source: str, lexer: Lexer) -> tuple[Markup, ...]:
    text = highlight(source.rstrip("\n"), lexer, _FORMATTER)
    # The formatter has escaped the text, and closes its spans at the end of each line.
    lines = _PLAIN.sub(r"\1", text).rstrip("\n").split("\n")
    return tuple(Markup(line) for line in lines)  # noqa: S704
