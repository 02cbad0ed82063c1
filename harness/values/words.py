"""Words for a reader: the nearest of several, lists, numbers of things, kinds of TOML values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

_LONGEST_WORD = 100

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"  # what ends or turns a line
    r"\ud800-\udfff]"  # halves of characters, which no stream can encode
)

MAX_TEXT = 300
"""Characters of one line of a program's or a compiler's text that are shown."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`` (did you mean "…"?)`` for the nearest of ``words``, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - wanted for mistakes only

    # The comparison takes quadratic time, and nobody mistypes a word so long.
    sane = [other for other in (word, *words) if len(other) <= _LONGEST_WORD]
    close = get_close_matches(word, sane[1:], n=1) if word in sane[:1] else []
    return f' (did you mean "{close[0]}"?)' if close else ""


def listed(words: Iterable[str]) -> str:
    """``"a", "b", "c"``: for naming what is valid."""
    return ", ".join(f'"{word}"' for word in words)


def kind_of(value: object) -> str:
    """What a person calls a TOML value of that type."""
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) < 40 else "a text"
        case date():
            return f"the date {value.isoformat()}"
        case time():
            return f"the time {value.isoformat()}"
        case Sequence():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return f"a {type(value).__name__}"


def visible(text: str) -> str:
    r"""The text with control characters written out (``\x1b``), so that none can act."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def shortened(text: str, most: int = MAX_TEXT) -> str:
    """The text made visible, and cut where it is longer than a reader would read."""
    shown = visible(text[: most + 1])
    return shown if len(shown) <= most else f"{shown[:most]}…"


def count_of(number: int, noun: str) -> str:
    """``1 run``, ``20 runs``, ``1,200 properties``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s"
    return f"{number:,} {plural}"
