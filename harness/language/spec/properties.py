"""``[[property]]``: what is always true of the output, or sometimes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from harness.language.declarations import Property
from harness.language.patterns import Pattern
from harness.language.properties.base import Rule
from harness.language.properties.registry import FAMILIES
from harness.language.spec.conditions import parse_condition
from harness.language.spec.names import is_name
from harness.language.spec.programs import MAIN
from harness.language.tables import Table
from harness.values.program import Program, Scope, Side
from harness.values.words import listed, nearest

_COMMON = ("name", "why", "side", "program", "in", "when", "audit")


def parse_properties(
    table: Table, events: Mapping[str, Pattern], programs: tuple[Program, ...]
) -> tuple[Property, ...]:
    """The properties of a spec, one at least; each name is given once."""
    items = table.tables("property")
    if not items:
        table.fail("", "expected at least one [[property]]: nothing is said of this example")
    properties: dict[str, Property] = {}
    for item in items:
        prop = _parse_property(item, events, programs)
        if prop.name in properties:
            first = properties[prop.name].line
            item.fail(
                "name", f'a second property named "{prop.name}"; the first is on line {first}'
            )
        properties[prop.name] = prop
    return tuple(
        _link(item, prop, properties) for item, prop in zip(items, properties.values(), strict=True)
    )


def _link(table: Table, prop: Property, properties: Mapping[str, Property]) -> Property:
    """The property, whose rule knows the rule of the other property that it needs, if any."""
    needed = prop.rule.needs
    if not needed:
        return prop
    known = [other.name for other in properties.values() if other.family == "outcomes"]
    if needed not in known:
        there = f"there is {listed(known)}" if known else "there is none"
        table.fail(
            prop.family,
            f'there is no outcomes property "{needed}"{nearest(needed, known)}; {there}',
        )
    return replace(prop, rule=prop.rule.linked(properties[needed].rule))


def _parse_property(
    table: Table, events: Mapping[str, Pattern], programs: tuple[Program, ...]
) -> Property:
    name = table.text("name")
    if not is_name(name):
        table.fail("name", f'expected a name such as "join-comes-first", found "{name}"')
    family = _family_of(table)
    inner = table.table(family)
    rule = FAMILIES[family].parse(inner, events)
    inner.finish()
    side = _parse_side(table, rule, programs)
    prop = Property(
        name=name,
        why=table.text("why"),
        family=family,
        rule=rule,
        side=side,
        programs=_parse_program_names(table, programs, rule.program_names, side),
        scope=_parse_scope(table, rule),
        when=parse_condition(table.table("when", {})),
        audit=table.text("audit", ""),
        line=table.source.line_of(table.path),
    )
    table.finish()
    return prop


def _family_of(table: Table) -> str:
    found = [key for key in table.keys if key in FAMILIES]
    if len(found) == 1:
        return found[0]
    if found:
        table.fail("", f"expected one family, found {len(found)}: {listed(found)}")
    for key in table.keys:
        if key not in _COMMON:
            table.fail("", f'there is no family "{key}"{nearest(key, (*FAMILIES, *_COMMON))}')
    table.fail("", f"expected what holds: one of {listed(FAMILIES)}")


def _parse_side(table: Table, rule: Rule, programs: tuple[Program, ...]) -> Side | None:
    text = table.choice("side", [side.value for side in Side], None)
    side = None if text is None else Side(text)
    if side not in rule.allowed_sides:
        allowed = listed(other.value for other in rule.allowed_sides if other) or "none"
        table.fail("side", f"expected {allowed} for {rule.family}, found {text or 'none'}")
    _check_sides_are_there(table, rule, side, {program.side for program in programs})
    return side


def _check_sides_are_there(
    table: Table, rule: Rule, side: Side | None, there: Collection[Side]
) -> None:
    """What names a side, or compares both, cannot hold where that side has no program."""
    if side is not None and side not in there:
        table.fail("side", f"this example has no {side.value} program")
    for missing in (each for each in Side if each not in there and rule.compares_sides):
        table.fail(
            rule.family,
            f"it compares both sides, and this example has no {missing.value} program: "
            "add that side, or drop the property",
        )


def _parse_scope(table: Table, rule: Rule) -> Scope:
    default = Scope.EVERY_RUN.value
    scope = Scope(table.choice("in", [scope.value for scope in Scope], default))
    if scope not in rule.allowed_scopes:
        allowed = listed(other.value for other in rule.allowed_scopes)
        table.fail(
            "in", f'expected {allowed} for {rule.family} such as this, found "{scope.value}"'
        )
    return scope


# --- which programs it is about -------------------------------------------------


def _parse_program_names(
    table: Table, programs: tuple[Program, ...], implied: tuple[str, ...], side: Side | None
) -> tuple[str, ...]:
    """Names of programs; ``{ python = "main", rust = "mended" }`` names one for each side."""
    if isinstance(table.peek("program"), Mapping):
        return _parse_program_of_each_side(table.table("program"), programs, side)
    names = table.texts("program", implied or (MAIN,))
    if not names:
        table.fail("program", "expected the name of a program, found an empty list")
    for name in names:
        _check_known(table, "program", programs, side, name)
    return names


def _parse_program_of_each_side(
    table: Table, programs: tuple[Program, ...], side: Side | None
) -> tuple[str, ...]:
    if side is not None:
        table.fail("", f'expected the name of a program, since side = "{side.value}"')
    there = {program.side for program in programs}
    for missing in (each for each in Side if each not in there):
        table.fail("", f"this example has no {missing.value} program: name that of the other side")
    given = {each: table.text(each.value) for each in Side}
    table.finish()
    for each, name in given.items():
        _check_known(table, each.value, programs, each, name)
    return tuple(f"{each.value}:{name}" for each, name in given.items())


def _check_known(
    table: Table, key: str, programs: tuple[Program, ...], side: Side | None, name: str
) -> None:
    known = sorted({program.name for program in programs if side in (None, program.side)})
    if name not in known:
        what = "program" if side is None else f"{side.value} program"
        table.fail(
            key, f'there is no {what} "{name}"{nearest(name, known)}; there is {listed(known)}'
        )
