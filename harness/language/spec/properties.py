"""``[always.NAME]`` and ``[sometimes.NAME]``: what every run keeps, and what some run shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from harness.language.declarations import ALWAYS, SOMETIMES, Property
from harness.language.patterns import Pattern
from harness.language.properties.base import Rule
from harness.language.properties.registry import FAMILIES
from harness.language.spec.conditions import parse_condition
from harness.language.spec.names import is_name
from harness.language.spec.programs import MAIN
from harness.language.spec.selection import Named, meant_by, parse_selection
from harness.language.tables import Table
from harness.values.program import Program, Scope, Side
from harness.values.words import listed, nearest

_TABLES = {ALWAYS: Scope.EVERY_RUN, SOMETIMES: Scope.SOME_RUN}
_COMMON = ("why", "programs", "when", "audit")
MOVED = {
    "name": "the name stands in the header, as in [always.join-comes-first]",
    "side": 'say it with programs = "python" or "rust"',
    "program": "it is called programs",
    "in": f"what some run must show stands in [{SOMETIMES}.NAME]",
}
"""Keys that a property had once, and what says the same now."""


def parse_properties(
    table: Table, events: Mapping[str, Pattern], programs: tuple[Program, ...]
) -> tuple[Property, ...]:
    """The properties of a spec in the order of its lines, one at least; each name is given once."""
    found: dict[str, tuple[Table, Property]] = {}
    for word, scope in _TABLES.items():
        props = table.table(word, {})
        for name in props.keys:
            inner = props.table(name)
            if name in found:
                first = found[name][1].line
                inner.fail("", f'a second property "{name}"; the first is on line {first}')
            found[name] = inner, _parse_property(inner, name, scope, events, programs)
    if not found:
        table.fail("", f"expected at least one [{ALWAYS}.NAME]: nothing is said of this example")
    ordered = sorted(found.values(), key=lambda each: each[1].line)
    known = {prop.name: prop for _, prop in ordered}
    return tuple(_link(inner, prop, known) for inner, prop in ordered)


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
    table: Table,
    name: str,
    scope: Scope,
    events: Mapping[str, Pattern],
    programs: tuple[Program, ...],
) -> Property:
    """One property: a family's table, and beside it what is said of every property."""
    if not is_name(name):
        table.fail("", f'expected a name such as "join-comes-first", found "{name}"')
    for key, hint in MOVED.items():
        if key in table:
            table.fail(key, f"expected no such key: {hint}")
    family = _family_of(table)
    inner = table.table(family)
    rule = FAMILIES[family].parse(inner, events)
    inner.finish()
    _check_scope(table, rule, scope)
    about = _parse_about(table, rule, programs)
    prop = Property(
        name=name,
        why=table.text("why"),
        family=family,
        rule=rule,
        side=about.side,
        programs=about.programs,
        scope=scope,
        when=parse_condition(table.table("when", {})),
        audit=table.text("audit", ""),
        line=table.source.line_of(table.path),
    )
    table.finish()
    return prop


def _family_of(table: Table) -> str:
    """The one key that is a family's name; raises SpecError for none, or several."""
    found = [key for key in table.keys if key in FAMILIES]
    if len(found) == 1:
        return found[0]
    if found:
        table.fail("", f"expected one family, found {len(found)}: {listed(found)}")
    for key in table.keys:
        if key not in _COMMON:
            table.fail("", f'there is no family "{key}"{nearest(key, (*FAMILIES, *_COMMON))}')
    table.fail("", f"expected what holds: one of {listed(FAMILIES)}")


def _check_scope(table: Table, rule: Rule, scope: Scope) -> None:
    """Refuse what some run may show of what holds of all, and the reverse."""
    if scope not in rule.allowed_scopes:
        allowed = listed(word for word, each in _TABLES.items() if each in rule.allowed_scopes)
        found = next(word for word, each in _TABLES.items() if each is scope)
        table.fail("", f'expected {allowed} for {rule.family} such as this, found "{found}"')


# --- which programs it is about -------------------------------------------------


class _About(NamedTuple):
    """What a property is about: a side, if it is one, and names as ``Property.programs`` has."""

    side: Side | None
    programs: tuple[str, ...]


def _parse_about(table: Table, rule: Rule, programs: tuple[Program, ...]) -> _About:
    """The programs that are named; else ``main``, of the only side that the rule can be about."""
    only = rule.allowed_sides[0] if len(rule.allowed_sides) == 1 else None
    _check_sides_are_there(table, rule, only, {program.side for program in programs})
    if "programs" not in table:
        return _About(only, (MAIN,))
    chosen = parse_selection(table, "programs", programs)
    meant = meant_by(chosen, programs)
    sides = {program.side for program in meant}
    if only is not None and sides != {only}:
        table.fail("programs", f"expected programs of {only.value} alone for {rule.family}")
    if rule.compares_sides and len(sides) < len(Side):
        table.fail("programs", f"expected a program of each side for {rule.family}")
    about = _about(chosen)
    return about if only is None else about._replace(side=only)


def _about(chosen: Sequence[Named]) -> _About:
    """The entries, in the short form where all name the same side, or none."""
    sides = {named.side for named in chosen}
    if len(sides) == 1:
        return _About(sides.pop(), tuple(named.program for named in chosen))
    names = (f"{n.side.value}:{n.program}" if n.side else n.program for n in chosen)
    return _About(None, tuple(names))


def _check_sides_are_there(
    table: Table, rule: Rule, side: Side | None, there: Collection[Side]
) -> None:
    """What is of one side, or compares both, cannot hold where a side has no program."""
    if side is not None and side not in there:
        table.fail(rule.family, f"this example has no {side.value} program")
    for missing in (each for each in Side if each not in there and rule.compares_sides):
        table.fail(
            rule.family,
            f"it compares both sides, and this example has no {missing.value} program: "
            "add that side, or drop the property",
        )
