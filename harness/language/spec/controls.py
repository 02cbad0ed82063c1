"""``[[control]]``: broken variants of the programs, and what each must break."""

from __future__ import annotations

from collections.abc import Sequence

from harness.language.closed_rules import RULES
from harness.language.declarations import Control, Edit, Property
from harness.language.spec.files import Files
from harness.language.spec.programs import MAIN
from harness.language.tables import Table
from harness.values.program import Program, Side
from harness.values.words import listed, nearest


def parse_controls(
    table: Table, programs: Sequence[Program], properties: Sequence[Property], files: Files
) -> tuple[Control, ...]:
    """The controls of a spec; each names properties that it can break.

    Whether its text is in the program is judged with that (``control_texts``).
    """
    controls: dict[str, Control] = {}
    for item in table.tables("control"):
        control = _parse_control(item, programs, properties, files)
        if control.name in controls:
            first = controls[control.name].line
            item.fail(
                "name", f'a second control named "{control.name}"; the first is on line {first}'
            )
        controls[control.name] = control
    return tuple(controls.values())


def _parse_control(
    table: Table, programs: Sequence[Program], properties: Sequence[Property], files: Files
) -> Control:
    side = Side(table.choice("side", [side.value for side in Side]))
    if not any(program.side is side for program in programs):
        table.fail("side", f"this example has no {side.value} program")
    program = _parse_program(table, [p for p in programs if p.side is side], side)
    control = Control(
        name=table.text("name"),
        side=side,
        program=program.name,
        breaks=_parse_breaks(table, program, properties),
        edits=_parse_edits(table),
        patch=_parse_patch(table, files),
        why=table.text("why", ""),
        line=table.source.line_of(table.path),
    )
    if bool(control.edits) == bool(control.patch):
        table.fail("", 'expected "replace" and "with", or "edits", or "patch"')
    table.finish()
    return control


def _parse_program(table: Table, programs: Sequence[Program], side: Side) -> Program:
    name = table.text("program", MAIN)
    known = {program.name: program for program in programs}
    if name not in known:
        table.fail(
            "program",
            f'there is no {side.value} program "{name}"{nearest(name, known)}; '
            f"there is {listed(known)}",
        )
    return known[name]


def _parse_breaks(
    table: Table, program: Program, properties: Sequence[Property]
) -> tuple[str, ...]:
    names = table.texts("breaks")
    if not names:
        table.fail("breaks", "expected the properties that it must break, found none")
    known = {prop.name: prop for prop in properties}
    for position, name in enumerate(names):
        if name in names[:position]:
            table.fail("breaks", f'"{name}" is there twice')
        if name in RULES:
            continue
        if name not in known:
            table.fail(
                "breaks",
                f'there is no property "{name}"{nearest(name, (*known, *RULES))}; '
                f"there is {listed(known)}",
            )
        if not (known[name].covers(program) and known[name].rule.judges(program)):
            table.fail("breaks", f'"{name}" says nothing of {program.path}')
    return names


def _parse_patch(table: Table, files: Files) -> str:
    path = table.text("patch", "")
    if path and (complaint := files.complaint(path)):
        table.fail("patch", complaint)
    return path


def _parse_edits(table: Table) -> tuple[Edit, ...]:
    items = table.tables("edits")
    edits = [_parse_edit(item) for item in items]
    for item in items:
        item.finish()
    if "replace" in table:
        if items:
            table.fail("replace", 'expected either "replace" or "edits", not both')
        edits.append(_parse_edit(table))
    elif table.take("with", None) is not None:
        table.fail("with", 'expected "replace" beside it: the text that it stands for')
    else:
        table.take("replace", None)
    return tuple(edits)


def _parse_edit(table: Table) -> Edit:
    # It may consist of blanks alone, as an indentation does.
    text, replacement = table.text("replace", ""), table.text("with", "")
    if not text:
        table.fail("replace", "expected a text, found an empty one")
    if text == replacement:
        table.fail("with", 'expected another text than "replace"')
    return Edit(replace=text, replacement=replacement)
