"""``breaks.toml``: variants of the programs, and what each must break.

Each table is one variant, by its name. It says the change for every program that
it is of, and becomes a control for each; where it breaks nothing, it is accepted,
and so is a mutation of traces that is named in the place of a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.language.closed_rules import RULES
from harness.language.declarations import Control, Edit, Property, Survivor
from harness.language.places import written_key
from harness.language.spec.selection import meant_by, parse_named, parse_selection, written
from harness.language.tables import Table
from harness.values.program import Program, Side
from harness.values.words import listed, nearest

_OLD = "control", "survivor"
_SIDES = {side.value for side in Side}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The variants of an example, by what they are for."""

    controls: tuple[Control, ...] = ()
    accepted: tuple[Control, ...] = ()
    survivors: tuple[Survivor, ...] = ()


def parse_variants(
    table: Table, programs: Sequence[Program], properties: Sequence[Property]
) -> Variants:
    """The variants that a file declares.

    Whether a text that is replaced is in its program is judged with that
    (``control_texts``), and whether such mutants live by the audit.
    """
    controls: dict[str, Control] = {}
    survivors: list[Survivor] = []
    for name in table.keys:
        _refuse_old(table, name)
        inner = table.table(name)
        if not name.strip():
            inner.fail("", "expected a name, found an empty one")
        if "trace" in inner:
            survivors += _parse_survivors(inner, programs)
            continue
        for control in _parse_controls(inner, name, programs, properties):
            if control.name in controls:
                first = controls[control.name].line
                inner.fail("", f'a second variant "{control.name}"; the first is on line {first}')
            controls[control.name] = control
    return Variants(
        controls=tuple(control for control in controls.values() if control.breaks),
        accepted=tuple(control for control in controls.values() if not control.breaks),
        survivors=tuple(survivors),
    )


def _refuse_old(table: Table, name: str) -> None:
    """Arrays of controls and survivors are the former form."""
    if name in _OLD and not isinstance(table.peek(name), Mapping):
        table.fail(name, f'expected a table named by what is changed, such as ["join forgotten"], '
                         f"found [[{name}]]")  # fmt: skip


def _parse_controls(
    table: Table, name: str, programs: Sequence[Program], properties: Sequence[Property]
) -> Iterator[Control]:
    """A control for each program that one variant changes."""
    names = _parse_breaks(table, properties)
    why = table.text("why", "")
    if not names and not why:
        table.fail("", 'expected the key "why": for what reason nothing has to break')
    changes = _parse_changes(table, programs)
    table.finish()
    _check_spoken_of(table, names, [program for _, program, _ in changes], properties)
    for key, program, edits in changes:
        yield Control(
            name=_name(name, key, program, [other for _, other, _ in changes]),
            side=program.side,
            program=program.name,
            breaks=_broken_in(program, names, properties),
            edits=edits,
            why=why,
            line=table.source.line_of(table.path),
        )


def _name(name: str, key: str, program: Program, others: Sequence[Program]) -> str:
    """The name of the control of one program, which says which, where there are several."""
    if len(others) == 1:
        return name
    alike = sum(other.side is program.side for other in others)
    return f"{name}, in {program.side.value.capitalize() if alike == 1 else key}"


def _parse_breaks(table: Table, properties: Sequence[Property]) -> tuple[str, ...]:
    """What a variant breaks: properties of this spec, and rules of the closed world."""
    names = table.texts("breaks")
    known = {prop.name for prop in properties}
    for position, name in enumerate(names):
        if name in names[:position]:
            table.fail("breaks", f'"{name}" is there twice')
        if name not in known and name not in RULES:
            there = [prop.name for prop in properties]
            table.fail(
                "breaks",
                f'there is no property "{name}"{nearest(name, (*there, *RULES))}; '
                f"there is {listed(there)}",
            )
    return names


def _broken_in(
    program: Program, names: Sequence[str], properties: Sequence[Property]
) -> tuple[str, ...]:
    """Those of the names that say something of ``program``: properties, or rules for all."""
    silent = {p.name for p in properties if not (p.covers(program) and p.rule.judges(program))}
    return tuple(name for name in names if name not in silent)


def _check_spoken_of(
    table: Table,
    names: Sequence[str],
    programs: Sequence[Program],
    properties: Sequence[Property],
) -> None:
    """Each name is broken in one of the programs at least, and each program breaks one."""
    broken = {program.path: _broken_in(program, names, properties) for program in programs}
    for name in names:
        if not any(name in found for found in broken.values()):
            paths = " or ".join(broken)
            table.fail("breaks", f'"{name}" says nothing of {paths}')
    for path, found in broken.items():
        if names and not found:
            table.fail("breaks", f"none of them says anything of {path}")


# --- changes ----------------------------------------------------------------------


def _parse_changes(
    table: Table, programs: Sequence[Program]
) -> list[tuple[str, Program, tuple[Edit, ...]]]:
    """What is changed in which program, by the key that names it: ``python``, ``rust:locked``."""
    keys = [key for key in table.keys if key.partition(":")[0] in _SIDES]
    changes = []
    for key in keys:
        named = parse_named(table, key, key, programs)
        program = next(program for program in programs if named.means(program))
        changes.append((key, program, _parse_edits(table, key)))
    if not changes:
        ways = ", ".join(_key_of(program) for program in programs)
        for key in table.keys:
            table.fail(key, f"expected what is changed in one of {ways}, found something else")
        table.fail("", f'expected what is changed, as {{ replace = "…", with = "…" }}, in {ways}')
    return changes


def _key_of(program: Program) -> str:
    return written_key(written(program.side.value, program.name))


def _parse_edits(table: Table, key: str) -> tuple[Edit, ...]:
    """One change, or a list of them."""
    if isinstance(table.peek(key), Mapping):
        return (_parse_edit(table.table(key)),)
    edits = tuple(_parse_edit(item) for item in table.tables(key))
    if not edits:
        table.fail(key, "expected at least one change, found an empty list")
    return edits


def _parse_edit(table: Table) -> Edit:
    """Two texts swapped, lines added, or one text replaced."""
    if "swap" in table:
        edit = _parse_swap(table)
    elif "after" in table or "add" in table:
        edit = _parse_addition(table)
    else:
        edit = _parse_replacement(table)
    table.finish()
    return edit


def _parse_replacement(table: Table) -> Edit:
    """An edit that replaces a text, which must not be empty, by another one."""
    # It may consist of blanks alone, as an indentation does.
    text, other = table.text("replace", may_be_empty=True), table.text("with", "")
    if not text:
        table.fail("replace", "expected a text, found an empty one")
    if text == other:
        table.fail("with", 'expected another text than "replace"')
    return Edit(text=text, other=other)


def _parse_swap(table: Table) -> Edit:
    """Two texts that change places."""
    texts = table.texts("swap")
    if len(texts) != 2 or not all(texts) or texts[0] == texts[1]:
        table.fail("swap", "expected two texts that change places, one unlike the other")
    return Edit(text=texts[0], other=texts[1], kind="swap")


def _parse_addition(table: Table) -> Edit:
    """Lines that are added after a line that is there."""
    lines = "\n".join(table.texts("add"))
    if not lines.strip():
        table.fail("add", "expected the lines that are added, found none")
    return Edit(text=table.text("after"), other=lines.removesuffix("\n"), kind="add")


# --- mutations of traces ----------------------------------------------------------


def _parse_survivors(table: Table, programs: Sequence[Program]) -> Iterator[Survivor]:
    """Mutations of traces that are accepted, and why; of all programs, unless some are named."""
    mutations = table.texts("trace")
    if not mutations:
        table.fail("trace", 'expected a mutation of traces, such as "drop worker", found none')
    if table.texts("breaks"):
        table.fail("breaks", "expected []: a mutated trace that is refused needs no word")
    chosen = parse_selection(table, "programs", programs) if "programs" in table else ()
    why, line = table.text("why"), table.source.line_of(table.path)
    table.finish()
    meant = tuple((program.side, program.name) for program in meant_by(chosen, programs))
    for mutation in mutations:
        yield Survivor(mutation=mutation, why=why, programs=meant, line=line)
