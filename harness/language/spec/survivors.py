"""``[[survivor]]``: mutated traces that a spec rightly accepts, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from harness.language.declarations import Survivor
from harness.language.tables import Table
from harness.values.program import Program, Side
from harness.values.words import listed, nearest


def parse_survivors(table: Table, programs: Sequence[Program]) -> tuple[Survivor, ...]:
    """The survivors that a spec explains; whether there are such is for the audit to say."""
    return tuple(_parse_survivor(item, programs) for item in table.tables("survivor"))


def _parse_survivor(table: Table, programs: Sequence[Program]) -> Survivor:
    side = table.choice("side", [side.value for side in Side], None)
    if side and not any(program.side is Side(side) for program in programs):
        table.fail("side", f"this example has no {side} program")
    survivor = Survivor(
        mutation=table.text("mutation"),
        why=table.text("why"),
        side=Side(side) if side else None,
        program=_parse_program(table, programs),
        line=table.source.line_of(table.path),
    )
    table.finish()
    return survivor


def _parse_program(table: Table, programs: Sequence[Program]) -> str:
    name = table.text("program", "")
    known = dict.fromkeys(program.name for program in programs)
    if name and name not in known:
        table.fail(
            "program",
            f'there is no program "{name}"{nearest(name, known)}; there is {listed(known)}',
        )
    return name
