"""Texts as HTML: escaped, with code, fields and errors set apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

_CODE = re.compile(r"`([^`]+)`")
_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")
_ERROR = re.compile(r"\b(E0\d{3})\b")

_Piece = Callable[[str], Markup]
"""Makes HTML of a piece of a text, escaped."""


def make_environment() -> Environment:
    """The templates; everything is escaped, and an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("harness.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ticks"] = with_code
    environment.filters["claim"] = claim
    environment.filters["breakable"] = breakable
    environment.filters["in_single_quotes"] = in_single_quotes
    environment.filters["grouped"] = lambda number: f"{number:,}"
    return environment


def with_code(text: str) -> Markup:
    """The text escaped, and what stands between backticks as code."""
    return _set_apart(_CODE, text, Markup("<code>{}</code>").format, escape)


def claim(text: str) -> Markup:
    """The text as ``with_code``, a field of a line set apart, an error's code led to its page."""
    return _set_apart(_CODE, text, _code_with_fields, _with_errors)


def _code_with_fields(code: str) -> Markup:
    """A pattern as code, with its fields set apart."""
    fields = _set_apart(_FIELD, code, Markup("<var>{}</var>").format, escape)
    return Markup("<code>{}</code>").format(fields)


def _with_errors(text: str) -> Markup:
    """The text escaped, and what it says of errors led to the index of them."""
    link = Markup('<a href="https://doc.rust-lang.org/error_codes/{0}.html">{0}</a>')
    return _set_apart(_ERROR, text, link.format, escape)


def _set_apart(pattern: re.Pattern[str], text: str, found: _Piece, other: _Piece) -> Markup:
    """The text with all that the group of ``pattern`` matches made by one, and the rest by another.

    Each piece is escaped by itself: a text that was escaped first would be searched for its
    entities, too.
    """
    # Of a pattern with one group, every second piece of a split is what the group matched.
    pieces = enumerate(pattern.split(text))
    return Markup().join(found(piece) if at % 2 else other(piece) for at, piece in pieces)


def breakable(name: str) -> Markup:
    """A name of a library that may be broken behind its dots and colons."""
    return Markup("<wbr>").join(re.split(r"(?<=[.:])(?=\w)", name))


def in_single_quotes(text: str) -> Markup:
    """The text as the value of an attribute in single quotes: code is full of double ones."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;"))  # noqa: S704 - escaped
