"""Whether the controls of a spec still fit the programs that they are made from.

A variant that no longer does is a fault of the example, like a broken
property: the program is judged all the same, since whoever has just broken
it on purpose wants to see what that breaks.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from harness.language.declarations import BREAKS_FILE, Control, Edit, Spec
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.program import Program
from harness.values.toolchain import Place

CONTROLS_APPLY = "controls-apply"
"""The name of what is broken; no control can break it, and no spec can bind it."""


class EditError(Exception):
    """A text that a variant replaces does not stand in its program exactly once."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits, one after the other; raises EditError where one does not fit."""
    for number, edit in enumerate(edits):
        for wanted in edit.texts:
            count = text.count(wanted)
            if count != 1:
                before = ", after the edits before it," if number else ""
                raise EditError(
                    f"expected {wanted!r} exactly once{before} in the program, found it {count} "
                    "times"
                )
        text = _changed(text, edit)
    return text


def _changed(text: str, edit: Edit) -> str:
    """The text after one change; raises EditError, or ValueError for what is not in it."""
    match edit.kind:
        case "replace":
            return text.replace(edit.text, edit.other) if edit.other else _without(text, edit.text)
        case "swap":
            return _swapped(text, edit.text, edit.other)
        case "add":
            return _added(text, edit.text, edit.other)
        case _:
            assert_never(edit.kind)


def _without(text: str, gone: str) -> str:
    """Without that, and without the line that it leaves empty."""
    before, _, after = text.partition(gone)
    line_before, rest = before.rpartition("\n")[2], after.partition("\n")
    if gone.endswith("\n") or line_before.strip() or rest[0].strip():
        return before + after
    return before[: len(before) - len(line_before)] + rest[2]


def _swapped(text: str, one: str, other: str) -> str:
    """Each of two texts at the other's place; raises EditError where one is within the other."""
    first, second = sorted((one, other), key=text.index)
    before, _, rest = text.partition(first)
    between, found, after = rest.partition(second)
    if not found:
        raise EditError(f"expected two texts apart, found {first!r} and {second!r} in each other")
    return f"{before}{second}{between}{first}{after}"


def _added(text: str, after: str, lines: str) -> str:
    """Lines put below that in which ``after`` ends, indented as the line in which it begins."""
    end = text.index(after) + len(after.rstrip("\n"))
    begin = text.rfind("\n", 0, text.index(after)) + 1
    line = text[begin:]
    indentation = line[: len(line) - len(line.lstrip(" \t"))]
    rest, _, _ = text[end:].partition("\n")
    here = end + len(rest)
    return f"{text[:here]}\n{textwrap.indent(lines, indentation)}{text[here:]}"


def _unfit(text: str, edits: Iterable[Edit]) -> Iterator[tuple[str, int]]:
    """The texts that are not there once when their edit's turn comes, and how often they are."""
    for edit in edits:
        counts = [(wanted, text.count(wanted)) for wanted in edit.texts]
        yield from (each for each in counts if each[1] != 1)
        if all(count == 1 for _, count in counts):
            text = _changed(text, edit)


def judge_controls(
    spec: Spec, programs: Iterable[Program], sources: Mapping[str, str], toolchain: str
) -> Iterator[Finding]:
    """A finding for each text that a control replaces and that its program does not hold once.

    ``programs`` are of one side; ``sources`` gives the text of each by its name.
    """
    for program in programs:
        for control in (*spec.controls, *spec.accepted):
            if (control.side, control.program) == (program.side, program.name):
                for text, count in _unfit(sources[program.name], control.edits):
                    yield _finding(control, text, program, count, toolchain)


def _finding(control: Control, text: str, program: Program, count: int, toolchain: str) -> Finding:
    """That a control no longer fits its program, in which the text stands so many times."""
    return Finding(
        property=CONTROLS_APPLY,
        why=say("control.why"),
        violation=Violation(
            message=say("control.unfit", name=control.name, program=program.path),
            expected=say("control.just-once", text=text),
            found=say("control.times", n=count) if count else say("control.nowhere"),
        ),
        side=program.side,
        program=program.name,
        toolchain=toolchain,
        place=Place(file=BREAKS_FILE, line=control.line),
    )
