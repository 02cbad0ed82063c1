"""The part of a program that a page shows: the whole, a step, or what an anchor encloses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent

from harness.books.directives import Directive
from harness.books.shelf import NotShownError
from harness.site.steps import cut

_ANCHOR = re.compile(r"\bANCHOR(?P<end>_END)?:[ \t]*(?P<name>[\w-]+)")
"""As in mdBook, whose authors mark parts of files so."""


@dataclass(frozen=True, slots=True)
class ProgramPart:
    """A part of a program; ``heading`` is that of its step."""

    code: str
    heading: str = ""


def excerpt(source: str, directive: Directive, name: str) -> ProgramPart:
    """The part of ``source`` that is asked for; raises NotShownError if ``name`` has none such."""
    if directive.anchor:
        return ProgramPart(_between(source, directive.anchor, name))
    if directive.step:
        return _step(source, directive.step, name)
    return ProgramPart(_without_anchors(source.split("\n")))


def has_step(source: str, number: int) -> bool:
    """Whether the program has a step of that number."""
    return any(piece.number == number for piece in cut(source))


def has_anchor(source: str, anchor: str) -> bool:
    """Whether the program has an anchor of that name."""
    return any(found["name"] == anchor for found in _ANCHOR.finditer(source))


def _step(source: str, number: int, name: str) -> ProgramPart:
    """One step of a program; raises NotShownError that says which there are."""
    pieces = [piece for piece in cut(source) if piece.number]
    for piece in pieces:
        if piece.number == number:
            lines = source.split("\n")[piece.start : piece.end]
            return ProgramPart(_without_anchors(lines), piece.heading)
    known = ", ".join(str(piece.number) for piece in pieces) or "none"
    raise NotShownError(f"{name} has no step {number}; it has {known}")


def _between(source: str, anchor: str, name: str) -> str:
    """What stands between the marks of an anchor.

    Raises NotShownError that says which there are.
    """
    inside: list[str] = []
    is_inside = was_there = False
    for line in source.split("\n"):
        found = _ANCHOR.search(line)
        if found and found["name"] == anchor:
            is_inside, was_there = not found["end"], True
        elif is_inside:
            inside.append(line)
    if was_there:
        return _without_anchors(inside)
    known = ", ".join(dict.fromkeys(found["name"] for found in _ANCHOR.finditer(source))) or "none"
    raise NotShownError(f'{name} has no anchor "{anchor}"; it has {known}')


def _without_anchors(lines: list[str]) -> str:
    return dedent("\n".join(line for line in lines if not _ANCHOR.search(line))).strip("\n")
