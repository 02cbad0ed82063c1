"""Which mutants say nothing that the spec does not allow, and so are no mutants at all.

It is decided by what is declared, never by the verdict on the mutant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.judging.closed_world import must_be_whole
from harness.judging.trace import split_lines
from harness.language.declarations import Property
from harness.language.properties.base import Rule
from harness.language.properties.count import Count
from harness.language.properties.each import Each
from harness.language.properties.ending import ending_text
from harness.language.properties.expressions import comparisons
from harness.language.properties.order import Order
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.relation import Relation
from harness.language.properties.sections import Sections
from harness.language.properties.selectors import FieldRef
from harness.language.properties.speed import Speed
from harness.language.properties.values import Values
from harness.proof.audit.declared import keeps_declared_order
from harness.proof.audit.mutants import Good, TraceMutant, good_of
from harness.values.finding import Line
from harness.values.run import Run

OPEN_ORDER = "an order that the spec leaves open"

_NUMBER_OPERATIONS = ("drop", "double", "append", "truncate")
_SMALL_OPERATIONS = ("add one to", "change", "confuse")


def excuse_for(good: Good, mutant: TraceMutant, known: Iterable[tuple[str, ...]]) -> str:
    """Why the mutant is a run that the spec allows; empty if nothing declares that it may be.

    ``known`` are the texts of the program's other good runs.
    """
    changed = good_of(good.claims, mutant.run, good.stream)
    if _is_as_before(good, mutant):
        if changed.texts in (good.texts, *known):
            return "the same lines as a good run"
        if sorted(changed.texts) == sorted(good.texts):
            return _order_excuse(good, changed.lines)
    if _is_cut_as_it_may(good, mutant):
        return "the spec lets the last line be cut"
    # What is not under these conditions may still be what a value is printed for.
    others = (prop for prop, _ in good.claims.left_out)
    return _declared_freedom((*good.claims.properties, *others), mutant)


def _is_as_before(good: Good, mutant: TraceMutant) -> bool:
    """Whether nothing differs from the good run but the lines that are looked at.

    How it ended, how long that took, and what else was said are all as they were.
    """
    if good.stream == "stderr":
        alike = replace(mutant.run, stderr=good.run.stderr)
        return alike == good.run and _said_beside(good, mutant.run) == _said_beside(good, good.run)
    alike = replace(mutant.run, stdout=good.run.stdout)
    return alike == good.run and mutant.run.stdout[-1:] == good.run.stdout[-1:]


def _is_cut_as_it_may(good: Good, mutant: TraceMutant) -> bool:
    """Whether it lacks the last line break alone, of a program whose last line may be cut."""
    whole = replace(mutant.run, stdout=mutant.run.stdout + b"\n")
    return whole == good.run and not must_be_whole(good.claims)


def _said_beside(good: Good, run: Run) -> list[str]:
    """The lines of stderr that are no events."""
    matcher = good.claims.stderr
    return [line for line in split_lines(run.stderr)[0] if matcher.match(line) is None]


# --- order ----------------------------------------------------------------------


def _order_excuse(good: Good, lines: Sequence[Line]) -> str:
    """Lines may change places where no order is declared, and something reads what they say."""
    properties = good.claims.properties
    if not keeps_declared_order(properties, good.lines, lines):
        return ""
    if not _is_read(properties, good.lines, lines):
        return ""
    return OPEN_ORDER


def _is_read(properties: Iterable[Property], before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether a property reads what lines differ in that stand for each other.

    If none does, it was never said that lines of one event may come in any order.
    """
    read = {field for prop in properties for field in fields_read(prop.rule)}
    for one, other in zip(before, after, strict=True):
        if one.event == other.event and one.fields != other.fields:
            differing = {
                (one.event, index)
                for index, (mine, theirs) in enumerate(zip(one.fields, other.fields, strict=True))
                if mine != theirs
            }
            if not differing & read:
                return False
    return True


def fields_read(rule: Rule) -> set[tuple[str, int]]:
    """The fields that a rule looks at: event and position."""
    read = {(s.event, index) for s in rule.selectors() for index, _ in s.where}
    match rule:
        case Order(chain=chain, keys=keys) if keys:
            pairs = zip(chain, keys, strict=True)
            read |= {(s.event, k) for stage, ks in pairs for s, k in zip(stage, ks, strict=True)}
        case Values(of=of, key=key, same=same):
            read |= {(of.selector.event, of.index)}
            read |= {(of.selector.event, key)} if same else set()
        case Count(of=of, keys=keys) if keys:
            read |= {(s.event, key) for s, key in zip(of, keys, strict=True)}
        case Sections(kind=kind, other=other):
            for each in filter(None, (kind, other)):
                for pair in filter(None, (each.who, each.per)):
                    read |= {(each.enter.event, pair[0]), (each.leave.event, pair[1])}
        case _:
            read |= {(ref.selector.event, ref.index) for ref in _references(rule)}
    return read


def _references(rule: Rule) -> Iterable[FieldRef]:
    """The fields whose values a rule asks for."""
    match rule:
        case Relation(holds=holds) | Each(holds=holds):
            return [source for _, source in holds.sources if isinstance(source, FieldRef)]
        case Outcomes(of=of):
            return [each for each in of if isinstance(each, FieldRef)]
        case Speed(ratio=ratio):
            return [duration.of for duration in ratio or ()]
        case _:
            subject = getattr(rule, "of", None)
            return [subject] if isinstance(subject, FieldRef) else []


# --- number and values --------------------------------------------------------------


def _declared_freedom(properties: Iterable[Property], mutant: TraceMutant) -> str:
    """The property that says that this may differ from run to run, if one does."""
    for prop in properties:
        if _allows_ending(prop.rule, mutant):
            return f"{prop.name} allows this ending, too"
        if _leaves_open(prop.rule, mutant):
            return f"{prop.name} leaves it open"
    return ""


def _leaves_open(rule: Rule, mutant: TraceMutant) -> bool:
    """Whether a rule speaks of what was changed, and lets it be so."""
    if mutant.operation in _NUMBER_OPERATIONS:
        return _leaves_number_open(rule, mutant)
    if "." in mutant.subject:
        return _leaves_value_open(rule, mutant)
    return False


def _allows_ending(rule: Rule, mutant: TraceMutant) -> bool:
    """Whether the mutant ends otherwise, in a way that is among the outcomes that may come."""
    if not (isinstance(rule, Outcomes) and not rule.of and mutant.ends_otherwise):
        return False
    entry = rule.entry_of((ending_text(mutant.run.ending),))
    return entry is not None and entry.grade != "forbidden"


def _leaves_number_open(rule: Rule, mutant: TraceMutant) -> bool:
    """Whether a rule gives bounds in the place of a number, or takes a prefix."""
    is_whole = mutant.subject == "output"
    match rule:
        case Count(of=of, least=least, most=most):
            return least != most and (is_whole or any(s.event == mutant.subject for s in of))
        case Values(mode="prefix-of", of=of):
            cuts = mutant.operation in ("drop", "truncate")
            return cuts and (is_whole or of.selector.event == mutant.subject)
        case _:
            return False


def _leaves_value_open(rule: Rule, mutant: TraceMutant) -> bool:
    """Whether a rule asks for that field, and not for one value of it."""
    event, _, field = mutant.subject.partition(".")
    refs = [ref for ref in _values_of(rule) if ref.selector.event == event and ref.field == field]
    if not refs:
        return False
    return isinstance(rule, Speed) or mutant.operation in _SMALL_OPERATIONS


def _values_of(rule: Rule) -> Iterable[FieldRef]:
    """The fields for which a rule names more than one value that they may have."""
    match rule:
        case Values(mode="among", of=of):
            return [of]
        case Relation(holds=holds) | Each(holds=holds) if any(
            c.operators != ("==",) for c in comparisons(holds.truth)
        ):
            return _references(rule)
        case Outcomes() | Speed():
            return _references(rule)
        case _:
            return []
