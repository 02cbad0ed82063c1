"""The order that a spec declares, asked directly of two traces, without any monitor.

What is read here a second time, in the plainest way, is what ``order``,
``values`` and ``sections`` say of the order of lines. It decides whether
lines may change places; all other families speak of what is printed, and
must not mind.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from harness.language.declarations import Property
from harness.language.properties.order import Order, Stage
from harness.language.properties.sections import SectionKind, Sections
from harness.language.properties.values import Values
from harness.values.finding import Line
from harness.values.program import Scope, Value

_SEQUENCES = ("are", "prefix-of", "increasing")
"""The ways of comparing values that say in which order they come."""


def keeps_declared_order(
    properties: Iterable[Property], before: Sequence[Line], after: Sequence[Line]
) -> bool:
    """Whether ``after``, which holds the lines of ``before`` in some order, is ordered as declared.

    ``before`` is taken to be a good trace.
    """
    return all(_keeps(prop, before, after) for prop in properties if prop.scope is Scope.EVERY_RUN)


def _keeps(prop: Property, before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether lines in another order keep what one property says of order.

    Others say nothing of it.
    """
    match prop.rule:
        case Order() as rule:
            return _is_ordered(rule, after)
        case Values(mode=mode) as rule if mode in _SEQUENCES:
            return _sequences(rule, before) == _sequences(rule, after)
        case Sections() as rule:
            return _is_sectioned(rule, after)
        case _:
            return True


# --- order ----------------------------------------------------------------------


def _is_ordered(rule: Order, lines: Sequence[Line]) -> bool:
    """Whether the lines of each key keep the chain."""
    return all(_chain_holds(rule, chain) for chain in _by_key(_staged(rule, lines)).values())


def _staged(rule: Order, lines: Sequence[Line]) -> Iterator[tuple[Hashable, int]]:
    """The key and the stage of each line that the rule speaks of, in order."""
    for line in lines:
        for position, stage in enumerate(rule.chain):
            index = _place_in(stage, line)
            if index is not None:
                yield (line.fields[rule.keys[position][index]] if rule.keys else None), position


def _place_in(stage: Stage, line: Line) -> int | None:
    """Which of a stage's events a line is, if it is one."""
    return next(
        (i for i, s in enumerate(stage) if s.event == line.event and s.takes(line.fields)), None
    )


def _by_key(pairs: Iterable[tuple[Hashable, int]]) -> dict[Hashable, list[int]]:
    """The positions of each key, in their order."""
    chains: dict[Hashable, list[int]] = {}
    for key, position in pairs:
        chains.setdefault(key, []).append(position)
    return chains


def _chain_holds(rule: Order, stages: Sequence[int]) -> bool:
    """Whether the stages of one key's lines ascend; of a chain of firsts, the first of each."""
    if not rule.first:
        return all(one <= other for one, other in pairwise(stages))
    firsts = [stages.index(s) if s in stages else None for s in range(len(rule.chain))]
    return all(
        later is None or (earlier is not None and earlier < later)
        for earlier, later in pairwise(firsts)
    )


# --- values ---------------------------------------------------------------------


def _sequences(rule: Values, lines: Sequence[Line]) -> dict[Value | None, list[Value]]:
    """The values of a field in their order, by key where there is one."""
    found: dict[Value | None, list[Value]] = {}
    selector = rule.of.selector
    for line in lines:
        if selector.event == line.event and selector.takes(line.fields):
            key = line.fields[rule.key] if rule.same else None
            found.setdefault(key, []).append(line.fields[rule.of.index])
    return found


# --- sections -------------------------------------------------------------------


def _is_sectioned(rule: Sections, lines: Sequence[Line]) -> bool:
    """Whether the lines enter and leave as the rule says: by its meaning, not its monitor."""
    inside: dict[SectionKind, dict[Value | None, list[Value | None]]] = {
        kind: {} for kind in (rule.kind, rule.other) if kind is not None
    }
    most = 0
    for line in lines:
        for kind, places in inside.items():
            if not _step(rule, kind, places, line):
                return False
        most = max((most, *map(len, inside[rule.kind].values())))
        if not _apart(rule, inside):
            return False
    return rule.reaches is None or most >= rule.reaches


def _step(
    rule: Sections, kind: SectionKind, places: dict[Value | None, list[Value | None]], line: Line
) -> bool:
    """Let the line in or out; whether that may be."""
    for position, selector in enumerate((kind.enter, kind.leave)):
        if selector.event == line.event and selector.takes(line.fields):
            who = None if kind.who is None else line.fields[kind.who[position]]
            per = None if kind.per is None else line.fields[kind.per[position]]
            within = places.setdefault(per, [])
            if position == 1:
                if who not in within:
                    return False
                within.remove(who)
                continue
            if who is not None and who in within:
                return False
            within.append(who)
            if kind is rule.kind and rule.most is not None and len(within) > rule.most:
                return False
    return True


def _apart(
    rule: Sections, inside: dict[SectionKind, dict[Value | None, list[Value | None]]]
) -> bool:
    """Whether nobody is inside both kinds at one place."""
    if rule.other is None:
        return True
    mine, theirs = inside[rule.kind], inside[rule.other]
    return not any(mine[per] and theirs.get(per) for per in mine)
