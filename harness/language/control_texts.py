"""Whether the controls of a spec still fit the programs that they are made from.

A control that no longer does is a fault of the example, like a broken
property: the program is judged all the same, since whoever has just broken
it on purpose wants to see what that breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from harness.language.declarations import Control, Edit, Spec
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.program import Program

CONTROLS_APPLY = "controls-apply"
"""The name of what is broken; no control can break it, and no spec can bind it."""


def judge_controls(
    spec: Spec, programs: Iterable[Program], sources: Mapping[str, str], toolchain: str
) -> Iterator[Finding]:
    """A finding for each text that a control replaces and that its program does not hold once.

    ``programs`` are of one side; ``sources`` gives the text of each by its name.
    """
    for program in programs:
        for control in spec.controls:
            if (control.side, control.program) == (program.side, program.name):
                for edit in control.edits:
                    count = sources[program.name].count(edit.replace)
                    if count != 1:
                        yield _finding(control, edit, program, count, toolchain)


def _finding(control: Control, edit: Edit, program: Program, count: int, toolchain: str) -> Finding:
    return Finding(
        property=CONTROLS_APPLY,
        why=say("control.why"),
        violation=Violation(
            message=say("control.unfit", name=control.name, program=program.path),
            expected=say("control.just-once", text=edit.replace),
            found=say("control.times", n=count) if count else say("control.nowhere"),
        ),
        side=program.side,
        program=program.name,
        toolchain=toolchain,
        line=control.line,
    )
