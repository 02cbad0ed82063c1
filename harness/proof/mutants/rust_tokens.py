"""Rust source → tokens, as far as changing it needs them.

Grammar: https://doc.rust-lang.org/reference/tokens.html. Strings of every
kind, characters, lifetimes and nested comments are told apart, so that what
is in them is never taken for code; brackets are matched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto


class TokenKind(Enum):
    """What a token is."""

    SPACE = auto()
    COMMENT = auto()
    STRING = auto()
    CHARACTER = auto()
    LIFETIME = auto()
    NUMBER = auto()
    WORD = auto()
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it begins, in characters."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next token begins."""
        return self.start + len(self.text)


_RAW = re.compile(r'[bc]?r(?P<hashes>#*)"')
_FORMS = (
    (TokenKind.SPACE, re.compile(r"\s+")),
    (TokenKind.COMMENT, re.compile(r"//[^\n]*")),
    (TokenKind.STRING, re.compile(r'[bc]?"(?:\\.|[^"\\])*"', re.DOTALL)),
    (
        TokenKind.CHARACTER,
        re.compile(r"b?'(?:\\(?:x[0-9A-Fa-f]{2}|u\{[^}]*\}|.)|[^'\\])'", re.DOTALL),
    ),
    (TokenKind.LIFETIME, re.compile(r"'(?:r#)?\w+")),
    (
        TokenKind.NUMBER,
        re.compile(
            r"0[xob][0-9A-Fa-f_]+\w*"
            r"|[0-9][0-9_]*(?:\.[0-9][0-9_]*|\.(?![.\w]))?(?:[eE][+-]?[0-9_]+)?\w*"
        ),
    ),
    (TokenKind.WORD, re.compile(r"(?:r#)?[^\W\d]\w*")),
    (TokenKind.MARK, re.compile(r"\.\.=|\.\.\.|\.\.|=>|->|::|&&|\|\||==|!=|<=|>=|.", re.DOTALL)),
)
_OPENING = {"(": ")", "[": "]", "{": "}"}


def tokens_of(source: str) -> Iterator[Token]:
    """The tokens of ``source``; together they are all of it.

    A string or comment that never ends goes on to the end of the source.
    """
    at = 0
    while at < len(source):
        token = _comment(source, at) or _raw_string(source, at) or _formed(source, at)
        yield token
        at = token.end


def _comment(source: str, at: int) -> Token | None:
    """A block comment, with all the comments inside it."""
    if not source.startswith("/*", at):
        return None
    depth = 0
    for found in re.compile(r"/\*|\*/").finditer(source, at):
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return Token(TokenKind.COMMENT, source[at : found.end()], at)
    return Token(TokenKind.COMMENT, source[at:], at)


def _raw_string(source: str, at: int) -> Token | None:
    """A raw text, which ends at a quote with as many hashes as it began with."""
    found = _RAW.match(source, at)
    if not found:
        return None
    closing = '"' + found["hashes"]
    end = source.find(closing, found.end())
    return Token(TokenKind.STRING, source[at : end + len(closing)] if end >= 0 else source[at:], at)


def _formed(source: str, at: int) -> Token:
    """The token that begins here: the first form that fits, and one fits any character."""
    for kind, form in _FORMS:
        if found := form.match(source, at):
            return Token(kind, found[0], at)
    raise AssertionError(source[at])  # the last form takes any character


@dataclass(slots=True)
class RustSource:
    """A source as the tokens that mean something: no spaces, comments or attributes.

    ``pair`` gives for each bracket the index of its partner.
    """

    text: str
    tokens: list[Token] = field(init=False)
    pair: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Read the text."""
        told = [
            t for t in tokens_of(self.text) if t.kind not in (TokenKind.SPACE, TokenKind.COMMENT)
        ]
        self.tokens = _without_attributes(told)
        self.pair = _pairs(self.tokens)

    def at(self, index: int) -> str:
        """The text of a token; nothing before the first and after the last."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def is_kind(self, index: int, kind: TokenKind) -> bool:
        """Whether there is such a token, of that kind."""
        return 0 <= index < len(self.tokens) and self.tokens[index].kind is kind

    def skip(self, index: int) -> int:
        """The index after a token, or after the whole group that it opens."""
        if self.at(index) in _OPENING:
            return self.pair.get(index, len(self.tokens) - 1) + 1
        return index + 1

    def level(self, first: int, end: int) -> Iterator[int]:
        """The indexes from ``first`` to ``end`` that are in no group; a group is its bracket."""
        while first < end:
            yield first
            first = self.skip(first)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the tokens from ``first`` to ``last`` stand in the text."""
        return self.tokens[first].start, self.tokens[last].end


def _pairs(tokens: list[Token]) -> dict[int, int]:
    """For each bracket the one that it belongs to, both ways; what is not closed has none."""
    pair: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.MARK:
            continue
        if token.text in _OPENING:
            opened.append(index)
        elif opened and token.text == _OPENING[tokens[opened[-1]].text]:
            start = opened.pop()
            pair[start], pair[index] = index, start
    return pair


def _without_attributes(tokens: list[Token]) -> list[Token]:
    """What is left without ``#[…]`` and ``#![…]``."""
    pair = _pairs(tokens)
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        bracket = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].text == "!")
        is_attribute = tokens[index].text == "#" and bracket in pair
        if is_attribute and tokens[bracket].text == "[":
            index = pair[bracket] + 1
        else:
            kept.append(tokens[index])
            index += 1
    return kept
