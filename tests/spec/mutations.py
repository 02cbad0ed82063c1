"""Spec files that went wrong: seeded, so that each can be made again from its number."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECES = (
    "[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "'''", "=", ".", ",", "#", "\n", "\r", "\\",
    "\t", "\0", "\ufeff", "\x1b", "é", "💥", "0", "-1", "1e999", "nan", "inf", "true",
    "0x" + "f" * 400, "9" * 5000, "1979-05-27", "0..0", "0..999999999999999999", "..", "{i:d}",
    "{x}{y}", "{", "{{", "[always]", "[[property]]", "[always.a]", "[sometimes.b]", "[events]",
    "[[control]]", "[programs.a]",
    "when = { gil = true }", "program = []", 'python = "/dev/zero"', 'python = "main.py\\u0000"',
    'python = "../../x"', 'same = "i"', "chain = []", '"\\ud800"', '"\\U0010ffff"', "a.b.c = 1",
    '[["a"], [1]]', "[{}]", "{ a = [{ b = { c = [] } }] }",
)  # fmt: skip
_WORD = re.compile(r"[\w-]+")
_VALUE = re.compile(r"(?<== )[^\n]+")


def mutated(text: str, number: int) -> bytes:
    """The ``number``-th bad spec that is made of ``text``: always the same one."""
    chance = random.Random(number)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        text = chance.choice(_MUTATIONS)(chance, text)
    data = text.encode("utf-8", "surrogatepass")
    return _torn(chance, data) if chance.random() < 0.05 else data


def _torn(chance: random.Random, data: bytes) -> bytes:
    """Some bytes that are no longer UTF-8, or the end cut off."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randrange(4)) + chance.choice((b"", data[at:]))


def _insert(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_PIECES) + text[at:]


def _delete(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 2, 10, 100)) :]


def _repeat(chance: random.Random, text: str) -> str:
    """The same piece again and again: deep nesting, long lists, long names."""
    at = chance.randrange(len(text) + 1)
    length, times = chance.choice(((1, 3000), (1, 60), (3, 500), (40, 30)))
    return text[:at] + text[at : at + length] * times + text[at:]


def _swap_words(chance: random.Random, text: str) -> str:
    """Two words for each other: keys, events, fields, numbers where others belong."""
    words = list(_WORD.finditer(text))
    if len(words) < 2:
        return text
    one, other = sorted(chance.sample(words, 2), key=re.Match.start)
    middle = text[one.end() : other.start()]
    return f"{text[: one.start()]}{other[0]}{middle}{one[0]}{text[other.end() :]}"


def _swap_values(chance: random.Random, text: str) -> str:
    """One value where another belongs: of another type, mostly, and still TOML."""
    values = list(_VALUE.finditer(text))
    if len(values) < 2:
        return text
    one, other = chance.sample(values, 2)
    return text[: one.start()] + other[0] + text[one.end() :]


def _swap_lines(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _drop_line(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _replace_value(chance: random.Random, text: str) -> str:
    values = list(_VALUE.finditer(text))
    if not values:
        return text
    one = chance.choice(values)
    return text[: one.start()] + chance.choice(_PIECES) + text[one.end() :]


_MUTATIONS: tuple[Callable[[random.Random, str], str], ...] = (
    _insert,
    _delete,
    _repeat,
    _swap_words,
    _swap_words,
    _swap_values,
    _swap_values,
    _swap_lines,
    _drop_line,
    _replace_value,
)
