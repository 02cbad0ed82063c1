"""``{{#pair life-cycle/join step=2}}`` in Markdown: found, read, and replaced. Pure.

What is Markdown, and what is code in it, is markdown-it-py's business. A directive within code
is text: so a book can show one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.values.errors import HarnessError
from harness.values.program import Side
from harness.values.words import listed, nearest

_MARK = "{{#pair"
_ALONE = re.compile(r"(?P<indent>[ \t]*)\{\{#pair\b(?P<words>[^{}]*)\}\}[ \t]*")
_SWITCHES: Mapping[str, bool] = {"yes": True, "no": False}
_T = TypeVar("_T")
_KEYS = ("step", "side", "anchor", "program", "transcript")


class DirectiveError(HarnessError):
    """A directive that cannot be followed: what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """What a directive asks for: a pair, or a step, a side, an anchor of it.

    ``step`` 0 and empty texts stand for what is not asked for. ``transcript`` says whether to
    show what was printed; ``None``: if the whole program is shown.
    """

    text: str
    name: str
    step: int = 0
    side: Side | None = None
    anchor: str = ""
    program: str = "main"
    transcript: bool | None = None

    @property
    def wants_transcript(self) -> bool:
        """Whether what was printed is shown: what a part of a program prints, nobody knows."""
        return not self.is_part if self.transcript is None else self.transcript

    @property
    def is_part(self) -> bool:
        """Whether it asks for a part of the program only."""
        return bool(self.step or self.anchor)


@dataclass(frozen=True, slots=True)
class DirectiveFault:
    """What is wrong with the directive at a line, counted from 1; ``text`` is the directive."""

    line: int
    message: str
    text: str = ""

    def told(self, file: str) -> str:
        """``src/join.md:7: {{#pair nobody}}: what is wrong``."""
        of = f"{self.text}: " if self.text else ""
        return f"{file}:{self.line}: {of}{self.message}"


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text with its directives replaced; those with ``faults`` are as they were."""

    text: str
    faults: tuple[DirectiveFault, ...] = ()


def expand(text: str, show: Callable[[Directive], str]) -> Expanded:
    """The Markdown ``text`` with what ``show`` gives in the place of each directive.

    A HarnessError that it raises becomes a fault of the line.
    """
    if "#pair" not in text:
        return Expanded(text)
    lines = text.split("\n")
    faults: list[DirectiveFault] = []
    for number, found in _directive_lines(text, lines):
        if found is None:
            said = "a directive stands on a line of its own, with nothing before it but blanks"
            faults.append(DirectiveFault(number + 1, said))
            continue
        try:
            shown = show(read_directive(found))
        except HarnessError as error:
            faults.append(DirectiveFault(number + 1, str(error), found[0].strip()))
        else:
            lines[number] = _set_apart(shown, found["indent"])
    return Expanded("\n".join(lines), tuple(faults))


def read_directive(found: re.Match[str]) -> Directive:
    """What the directive asks for; raises DirectiveError."""
    name, *rest = found["words"].split() or [""]
    if not name or "=" in name:
        raise DirectiveError("expected the name of a pair, such as {{#pair life-cycle/join}}")
    given: dict[str, str] = {}
    for word in rest:
        key, equals, value = word.partition("=")
        if not equals or not value or key not in _KEYS or key in given:
            raise DirectiveError(_no_option(word, key, given))
        given[key] = value
    return Directive(
        text=found[0].strip(),
        name=name,
        step=_step(given.get("step")),
        side=_one_of("side", given.get("side"), {side.value: side for side in Side}),
        anchor=given.get("anchor", ""),
        program=given.get("program", "main"),
        transcript=_one_of("transcript", given.get("transcript"), _SWITCHES),
    )


def _no_option(word: str, key: str, given: Mapping[str, str]) -> str:
    """Why a word of a directive is no option."""
    if key in given:
        return f'"{key}" is given twice'
    if key in _KEYS:
        return f'expected {key}=VALUE, found "{word}"'
    known = ", ".join(f"{each}=…" for each in _KEYS)
    return f'"{word}" is no option{nearest(key, _KEYS)}; there are {known}'


def _step(value: str | None) -> int:
    """The number of a step, from 1 on; 0 if none is asked for."""
    if value is None:
        return 0
    if not value.isascii() or not value.isdigit() or not int(value):
        raise DirectiveError(f'step: expected the number of a step, found "{value}"')
    return int(value)


def _one_of(key: str, value: str | None, known: Mapping[str, _T]) -> _T | None:
    """What one of the known words stands for; raises DirectiveError."""
    if value is None:
        return None
    if value not in known:
        raise DirectiveError(f'{key}: expected {listed(known)}, found "{value}"')
    return known[value]


# --- where they are ------------------------------------------------------------------


def _directive_lines(text: str, lines: Sequence[str]) -> Iterator[tuple[int, re.Match[str] | None]]:
    """The lines (from 0) that hold a directive; ``None`` for one that does not stand alone."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map is None or not _may_hold(token):
            continue
        for number in range(*token.map):
            if "#pair" not in lines[number]:
                continue
            alone = _ALONE.fullmatch(lines[number]) if token.type == "inline" else None
            if alone or _is_meant(token, lines[number]):
                yield number, alone


def _may_hold(token: Token) -> bool:
    """Whether it is text; HTML hides what it encloses from everybody but the reader's browser."""
    return token.type == "inline" or (
        token.type == "html_block" and not token.content.lstrip().startswith("<!--")
    )


def _is_meant(token: Token, line: str) -> bool:
    r"""Whether a directive in the midst of a line is one: none is in code, or behind a ``\``."""
    if token.type == "html_block":
        return _MARK in line
    texts = (child.content for child in token.children or () if child.type == "text")
    return any(_MARK in text and text in line for text in texts) and f"\\{_MARK}" not in line


def _set_apart(shown: str, indent: str) -> str:
    """The text as blocks of its own, as deep as the directive stood."""
    inner = [f"{indent}{line}" if line else line for line in shown.strip("\n").split("\n")]
    return "\n".join(["", *inner, ""])
