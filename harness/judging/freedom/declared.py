"""From the rules of a program to atoms: as many and as small as can be.

The smaller they are, the more of them have no letter in common, and what has
no letter in common can be reckoned apart. What only the values of a whole run
decide (a relation that asks for the first or the last) is not taken in: then
the rule is named as not covered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as Seq
from typing import Any

from harness.judging.freedom.atoms import (
    Atom,
    ChainAtom,
    FirstsChain,
    OnceBegun,
    Overlapping,
    Rising,
    SequenceAtom,
    TallyAtom,
)
from harness.judging.freedom.inside import Move, Within
from harness.judging.freedom.letters import Alphabet, Part, Placeholder, mask_of, numbers_of
from harness.judging.freedom.outcome import Appearing, GradedAtom
from harness.judging.freedom.relations import LINES, Key, is_indifferent, single_fields
from harness.language.properties.base import Rule
from harness.language.properties.count import Count
from harness.language.properties.each import Each
from harness.language.properties.expressions import CannotTell
from harness.language.properties.hang import Hang
from harness.language.properties.order import Order
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.overlap import Overlap
from harness.language.properties.relation import Relation
from harness.language.properties.sections import SectionKind, Sections
from harness.language.properties.selectors import FieldRef, Selector
from harness.language.properties.speed import Speed
from harness.language.properties.values import Values
from harness.values.program import Value

_ENDLESS = 1 << 32
"""A bound that no run reaches is none."""


def is_covered(rule: Rule, events: frozenset[str], listed: frozenset[Key] | None = None) -> bool:
    """Whether the atoms say all that the rule says of an order of lines of these ``events``.

    ``listed`` is what ``listed_fields`` gives; without it, what the lines are
    is known, and only their order is not.
    """
    asked = {selector.event in events for selector in rule.selectors()}
    match rule:
        case _ if True not in asked:
            return True
        case _ if False in asked:
            return False
        case Relation():
            return is_indifferent(rule, listed)
        case Sections():
            return not (rule.per and rule.reaches)
        case _:
            return True


def listed_fields(rules: Iterable[Rule]) -> frozenset[Key]:
    """The fields whose values are listed in full, and the events whose number is fixed."""
    keys: set[Key] = set()
    for rule in rules:
        match rule:
            case Values(of=of, mode="are" | "permutation-of", same="") if not of.selector.where:
                keys |= {(of.selector.event, of.index), (of.selector.event, LINES)}
            case Count(of=(Selector(event=event, where=()),), same="") if rule.least == rule.most:
                keys.add((event, LINES))
            case _:
                pass
    return frozenset(keys)


def all_atoms(
    rules: Iterable[Rule], alphabet: Alphabet, events: frozenset[str]
) -> tuple[Atom, ...]:
    """The atoms of all the rules that speak of these ``events`` alone."""
    return tuple(
        atom
        for rule in rules
        if all(selector.event in events for selector in rule.selectors())
        for atom in atoms_of(rule, alphabet)
    )


def atoms_of(rule: Rule, alphabet: Alphabet) -> Iterable[Atom]:
    """The atoms that together say of an order of lines what the rule says of it."""
    return _TAKEN_APART.get(type(rule), _nothing)(rule, alphabet)


def _nothing(_rule: Rule, _alphabet: Alphabet) -> Iterator[Atom]:
    """How a run ends, compiles or compares with others says nothing of its order."""
    return iter(())


# --- count ----------------------------------------------------------------------------


def _count(rule: Count, alphabet: Alphabet) -> Iterator[Atom]:
    """One tally; with keys one for each, which asks for nothing until the key has come."""
    most = rule.most if rule.most < _ENDLESS else None
    if not rule.same:
        yield TallyAtom(alphabet.mask(rule.of), rule.least, most)
        return
    for mask in _by_key(zip(rule.of, rule.keys, strict=True), alphabet).values():
        yield OnceBegun(mask, (TallyAtom(mask, rule.least, most),))


def _by_key(fields: Iterable[tuple[Selector, int]], alphabet: Alphabet) -> dict[Part, int]:
    """For each value of a key the letters that have it, whatever event they are of."""
    masks: dict[Part, int] = {}
    for selector, index in fields:
        for key, mask in alphabet.by_value(selector, index).items():
            masks[key] = masks.get(key, 0) | mask
    return masks


# --- values ---------------------------------------------------------------------------


def _values(rule: Values, alphabet: Alphabet) -> Iterator[Atom]:
    """Atoms of all values; with keys those of each key apart, which may never come."""
    of = rule.of
    if not rule.same:
        yield from _values_of(rule, alphabet, alphabet.mask([of.selector]))
        return
    for mask in alphabet.by_value(of.selector, rule.key).values():
        atoms = tuple(_values_of(rule, alphabet, mask))
        if any(atom.owed(atom.start) for atom in atoms):
            yield OnceBegun(mask, atoms)
        else:
            yield from atoms


def _values_of(rule: Values, alphabet: Alphabet, mask: int) -> Iterator[Atom]:
    """What the rule says of the letters in ``mask`` (all, or those of one key)."""
    values = alphabet.by_value(rule.of.selector, rule.of.index)
    masks = {value: found & mask for value, found in values.items() if found & mask}
    given = 0
    for found in masks.values():
        given |= found
    items = tuple(rule.numbers.items) if rule.numbers is not None else ()
    match rule.mode:
        case "are" | "prefix-of":
            positions = tuple(masks.get(item, 0) for item in items)
            yield SequenceAtom(mask, positions, rule.mode == "are")
        case "permutation-of":
            yield from _permutation(masks, items, mask)
        case "among":
            yield TallyAtom(mask & ~mask_of_values(masks, items), 0, 0)
        case "increasing":
            yield _rising(masks, given)
        case _:
            for one in masks.values():
                yield TallyAtom(one, 0, 1)


def mask_of_values(masks: dict[Part, int], items: Iterable[Value]) -> int:
    """The letters that hold one of these values."""
    mask = 0
    for item in items:
        mask |= masks.get(item, 0)
    return mask


def _permutation(masks: dict[Part, int], items: tuple[Value, ...], mask: int) -> Iterator[Atom]:
    """Each value as often as it is listed, and no other."""
    times = Counter(items)
    for value, number in times.items():
        yield TallyAtom(masks.get(value, 0), number, number)
    others = mask & ~mask_of_values(masks, times)
    if others:
        yield TallyAtom(others, 0, 0)


def _rising(masks: dict[Part, int], given: int) -> Rising:
    """By ranks, since values of one field may be of any type that can be compared."""
    values = sorted(value for value in masks if not isinstance(value, Placeholder))
    ranks = {
        letter: rank for rank, value in enumerate(values) for letter in numbers_of(masks[value])
    }
    return Rising(given, ranks)


# --- order ----------------------------------------------------------------------------


def _order(rule: Order, alphabet: Alphabet) -> Iterator[Atom]:
    """One chain; with keys one for each value that any of the stages can have."""
    kind = FirstsChain if rule.first else ChainAtom
    if not rule.keys:
        yield _chain(kind, tuple(alphabet.mask(stage) for stage in rule.chain))
        return
    by_stage = [
        _by_key(zip(stage, keys, strict=True), alphabet)
        for stage, keys in zip(rule.chain, rule.keys, strict=True)
    ]
    for key in dict.fromkeys(key for masks in by_stage for key in masks):
        yield _chain(kind, tuple(masks.get(key, 0) for masks in by_stage))


def _chain(kind: type[ChainAtom | FirstsChain], stages: tuple[int, ...]) -> Atom:
    """An atom of stages; it is concerned by the letters of all of them."""
    mask = 0
    for stage in stages:
        mask |= stage
    return kind(mask, stages)


# --- sections -------------------------------------------------------------------------


def _sections(rule: Sections, alphabet: Alphabet) -> Iterator[Atom]:
    """One automaton for each place; where nothing but names matters, one for each name."""
    kinds = [rule.kind] if rule.other is None else [rule.kind, rule.other]
    groups: dict[tuple[Part | None, Part | None], dict[int, Move]] = {}
    # Smaller parts, fewer joint states: what one does then says nothing of another.
    apart = bool(rule.who) and rule.most is None and rule.reaches is None and rule.other is None
    for number, kind in enumerate(kinds):
        for letter, move, place in _moves(kind, number, alphabet):
            groups.setdefault((place, move.who if apart else None), {})[letter] = move
    for moves in groups.values():
        yield Within(
            mask=mask_of(moves),
            moves=moves,
            kinds=len(kinds),
            most=rule.most,
            reaches=None if rule.per else rule.reaches,
            must_leave=rule.must_leave,
            has_names=bool(rule.who),
        )


def _moves(
    kind: SectionKind, number: int, alphabet: Alphabet
) -> Iterator[tuple[int, Move, Part | None]]:
    """What each letter does, and in which place; those whose who or place is open are left out."""
    for position, selector in enumerate((kind.enter, kind.leave)):
        for letter, fields in alphabet.selected(selector):
            who = None if kind.who is None else fields[kind.who[position]]
            place = None if kind.per is None else fields[kind.per[position]]
            if not isinstance(who, Placeholder) and place is not Placeholder.OTHER:
                yield letter, Move(number, enters=position == 0, who=who), place


# --- outcomes -------------------------------------------------------------------------


def _outcomes(rule: Outcomes, alphabet: Alphabet) -> Iterator[Atom]:
    """Of fields what each letter prints; of orders which event each letter is."""
    refs = [of for of in rule.of if isinstance(of, FieldRef)]
    if refs:
        values = _printed(refs, alphabet)
        yield GradedAtom(mask_of(values), rule, values)
        return
    names = {
        letter: str(selector)
        for selector in rule.selectors()
        for letter, _ in alphabet.selected(selector)
    }
    if names:
        yield Appearing(mask_of(names), rule, names)


def _printed(
    refs: Iterable[FieldRef], alphabet: Alphabet
) -> dict[int, tuple[tuple[int, Value], ...]]:
    """What each letter prints of the outcome: positions and values."""
    values: dict[int, list[tuple[int, Value]]] = {}
    for position, ref in enumerate(refs):
        for letter, fields in alphabet.selected(ref.selector):
            value = fields[ref.index]
            if not isinstance(value, Placeholder):
                values.setdefault(letter, []).append((position, value))
    return {letter: tuple(pairs) for letter, pairs in values.items()}


# --- the rest -------------------------------------------------------------------------


def _overlap(rule: Overlap, alphabet: Alphabet) -> Iterator[Atom]:
    yield Overlapping(alphabet.mask([rule.one, rule.other]), alphabet.mask([rule.one]))


def _hang(rule: Hang, alphabet: Alphabet) -> Iterator[Atom]:
    for selector in rule.after:
        yield TallyAtom(alphabet.mask([selector]), 1, None)


def _speed(rule: Speed, alphabet: Alphabet) -> Iterator[Atom]:
    for duration in rule.ratio or ():
        yield TallyAtom(alphabet.mask([duration.of.selector]), 1, None if duration.is_sum else 1)


def _each(rule: Each, alphabet: Alphabet) -> Iterator[Atom]:
    """None of the lines of which it is false; where a field is open, some such line is right."""
    indices = [source.index for _, source in rule.holds.sources if isinstance(source, FieldRef)]
    wrong = mask_of(
        letter
        for letter, fields in alphabet.selected(rule.of)
        if not _is_right(rule, fields, indices)
    )
    if wrong:
        yield TallyAtom(wrong, 0, 0)


def _is_right(rule: Each, fields: Seq[Part], indices: Iterable[int]) -> bool:
    """Whether the relation holds of a letter.

    One that stands for many may be a line of which it does.
    """
    if any(isinstance(fields[index], Placeholder) for index in indices):
        return True
    known = [0 if isinstance(part, Placeholder) else part for part in fields]
    try:
        return rule.holds_of(known)
    except CannotTell:
        return False


def _relation(rule: Relation, alphabet: Alphabet) -> Iterator[Atom]:
    for ref in single_fields(rule):
        yield TallyAtom(alphabet.mask([ref.selector]), 1, 1)


_TAKEN_APART: dict[type[Rule], Callable[[Any, Alphabet], Iterable[Atom]]] = {
    Count: _count,
    Values: _values,
    Order: _order,
    Sections: _sections,
    Overlap: _overlap,
    Outcomes: _outcomes,
    Hang: _hang,
    Speed: _speed,
    Relation: _relation,
    Each: _each,
}
