"""What a compiler's rendered text says, for transcripts: there is no JSON to decide from.

Only recorded text is read this way. What cargo says in this process is
decided from its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from harness.judging.builds import judge_builds
from harness.language.declarations import Spec
from harness.values.finding import Finding
from harness.values.program import Program
from harness.values.toolchain import Diagnostic, Place, Refused

_HEADLINE = re.compile(r"error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$")
_ARROW = re.compile(r"\s*--> (?P<file>.+):(?P<line>\d+):(?P<column>\d+)$")
_SOURCE_LINE = re.compile(r"\s*(?P<line>\d+) +\|(?P<text>.*)$")
_NOTE = re.compile(r"(?:note|help|\s*= (?:note|help)): (?P<message>.+)$")
_DRAWING = re.compile(r"^[ |_/\\]*\| ?")


def judge_compiler_text(spec: Spec, program: Program, text: str) -> tuple[Finding, ...]:
    """What is wrong with ``text`` as the compiler's refusal of ``program``."""
    build = Refused(diagnostics=tuple(read_diagnostics(text)))
    return judge_builds(
        spec, [(program, build)], "recorded", {}, {program.name: source_shown(text)}
    )


def read_diagnostics(text: str) -> Iterator[Diagnostic]:
    """The errors of a rendered text: headline, code, and where the primary span starts."""
    shown = source_shown(text).split("\n")
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if headline := _HEADLINE.match(line):
            arrow = next(filter(None, map(_ARROW.match, lines[index + 1 : index + 3])), None)
            yield Diagnostic(
                code=headline["code"] or "",
                message=headline["message"],
                place=_place(arrow, shown) if arrow else None,
                notes=tuple(_notes(lines[index + 1 :])),
                rendered=text,
            )


def _notes(lines: list[str]) -> Iterator[str]:
    """The grounds of an error: up to the headline of the next one."""
    for line in takewhile(lambda line: not _HEADLINE.match(line), lines):
        if note := _NOTE.match(line):
            yield note["message"]


def _place(arrow: re.Match[str], shown: list[str]) -> Place:
    """The place that an arrow of the compiler points at, with the line as the program has it."""
    line = int(arrow["line"])
    return Place(
        file=arrow["file"],
        line=line,
        column=int(arrow["column"]),
        text=shown[line - 1] if line <= len(shown) else "",
    )


def source_shown(text: str) -> str:
    """The source as far as the text quotes it, each line at its number, the others empty."""
    quoted = {
        int(found["line"]): _DRAWING.sub("", found["text"])
        for found in map(_SOURCE_LINE.match, text.split("\n"))
        if found
    }
    return "\n".join(quoted.get(number, "") for number in range(1, max(quoted, default=0) + 1))
