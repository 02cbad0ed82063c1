"""Whether the orders of a spec contradict each other.

Each event is stood for by some sample lines: one that each selector takes,
and of these one for each value of the keys. Which of them must come before
which is a graph, and a cycle in it is a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise, product
from typing import TypeAlias

from harness.language.declarations import Property, Spec
from harness.language.patterns import Pattern
from harness.language.properties.order import Order
from harness.language.properties.selectors import Selector
from harness.language.tables import Source
from harness.values.errors import SpecError
from harness.values.program import Condition, Scope, Value
from harness.values.words import listed

_Where: TypeAlias = tuple[tuple[int, Value], ...]

MAX_SAMPLES = 64
"""Sample lines of one event. What would need more is not seen here, but by the first run."""

_ASKED = ("gil", "python", "rust", "implementation", "os")


@dataclass(frozen=True, slots=True)
class _SampleLine:
    """A line of an event; in its fields ``None`` is a value that no order asks for."""

    event: str
    fields: Mapping[int, Value | None]

    def __hash__(self) -> int:
        return hash((self.event, *self.fields.values()))

    def is_taken(self, selector: Selector) -> bool:
        """Whether the line is one that the selector takes."""
        return selector.event == self.event and all(
            self.fields[index] == value for index, value in selector.where
        )

    def show(self, patterns: Mapping[str, Pattern]) -> str:
        """``worker[i=3]``."""
        names = patterns[self.event].names
        where = ",".join(f"{names[i]}={v}" for i, v in self.fields.items() if v is not None)
        return f"{self.event}[{where}]" if where else self.event


@dataclass(frozen=True, slots=True)
class _Edge:
    """Lines of one selector before those of another, if they agree in their keys (by position)."""

    before: Selector
    after: Selector
    keys: tuple[int, int] | None
    prop: Property

    def says(self, one: _SampleLine, other: _SampleLine) -> bool:
        """Whether this edge has the one line come before the other."""
        return (
            one.is_taken(self.before)
            and other.is_taken(self.after)
            and (self.keys is None or one.fields[self.keys[0]] == other.fields[self.keys[1]])
        )


def check_orders(spec: Spec, source: Source, patterns: Mapping[str, Pattern]) -> None:
    """Raise SpecError for orders that no run can keep, and show the cycle that they make."""
    for props in _sets_of_orders(spec):
        edges = [edge for prop in props for edge in _edges(prop)]
        if cycle := _find_cycle(edges):
            raise _contradiction(spec, source, patterns, edges, cycle)


def _sets_of_orders(spec: Spec) -> Iterable[tuple[Property, ...]]:
    """The orders that may hold of one and the same run."""
    orders = [
        p for p in spec.properties if isinstance(p.rule, Order) and p.scope is Scope.EVERY_RUN
    ]
    sets: dict[tuple[str, ...], tuple[Property, ...]] = {}
    for world in _worlds([prop.when for prop in orders]):
        for program in spec.programs:
            props = tuple(p for p in orders if p.covers(program) and _holds(p.when, world))
            sets[tuple(p.name for p in props)] = props
    return sets.values()


def _worlds(conditions: Iterable[Condition]) -> Iterator[tuple[object, ...]]:
    """Each combination of what the conditions ask for, ``None`` being what none asks for.

    Different versions are taken for apart: to say too little of them is
    better than to refuse what is right.
    """
    asked = [{None, *(getattr(one, name) for one in conditions)} for name in _ASKED]
    return islice(product(*asked), MAX_SAMPLES)


def _holds(condition: Condition, world: Sequence[object]) -> bool:
    wanted = (getattr(condition, name) for name in _ASKED)
    return all(one is None or one == found for one, found in zip(wanted, world, strict=True))


def _edges(prop: Property) -> Iterator[_Edge]:
    """An edge from each event of a stage to each of the next; others follow from these."""
    assert isinstance(prop.rule, Order)  # noqa: S101 - chosen so
    chain, keys = prop.rule.chain, prop.rule.keys
    for position, (stage, following) in enumerate(pairwise(chain)):
        for (i, before), (j, after) in product(enumerate(stage), enumerate(following)):
            key = (keys[position][i], keys[position + 1][j]) if keys else None
            yield _Edge(before, after, key, prop)


def _find_cycle(edges: Sequence[_Edge]) -> Sequence[_SampleLine]:
    """Samples of which each must come before the next, the first again at the end; or none."""
    samples = _samples(edges)
    sorter: TopologicalSorter[_SampleLine] = TopologicalSorter()
    for edge in edges:
        befores = [s for s in samples[edge.before.event] if s.is_taken(edge.before)]
        for after in samples[edge.after.event]:
            sorter.add(after, *(before for before in befores if edge.says(before, after)))
    try:
        sorter.prepare()
    except CycleError as error:
        cycle: Sequence[_SampleLine] = error.args[1]
        return cycle
    return ()


def _samples(edges: Sequence[_Edge]) -> Mapping[str, Sequence[_SampleLine]]:
    """The sample lines of each event: for each selector one, for each value that a key may have."""
    wheres: dict[str, dict[_Where, None]] = {}
    keys: dict[str, set[int]] = {}
    values: dict[Value | None, None] = {None: None}
    for edge in edges:
        for which, selector in enumerate((edge.before, edge.after)):
            wheres.setdefault(selector.event, {(): None})[selector.where] = None
            if edge.keys is not None:
                keys.setdefault(selector.event, set()).add(edge.keys[which])
    for event, positions in keys.items():
        asked = (value for where in wheres[event] for at, value in where if at in positions)
        values.update(dict.fromkeys(asked))
    return {
        event: list(islice(_samples_of(event, some, keys.get(event, set()), values), MAX_SAMPLES))
        for event, some in wheres.items()
    }


def _samples_of(
    event: str, wheres: Iterable[_Where], keys: Iterable[int], values: Iterable[Value | None]
) -> Iterator[_SampleLine]:
    """Nothing is mixed from two selectors: there need not be a line that both take."""
    positions = sorted({index for where in wheres for index, _ in where}.union(keys))
    blank: dict[int, Value | None] = dict.fromkeys(positions)
    seen: set[_SampleLine] = set()
    for where in wheres:
        free = [key for key in keys if key not in dict(where)]
        for chosen in product(values, repeat=len(free)):
            sample = _SampleLine(event, blank | dict(where) | dict(zip(free, chosen, strict=True)))
            if sample not in seen:
                seen.add(sample)
                yield sample


def _contradiction(
    spec: Spec,
    source: Source,
    patterns: Mapping[str, Pattern],
    edges: Sequence[_Edge],
    cycle: Sequence[_SampleLine],
) -> SpecError:
    """The error that names all properties of a cycle, and a line for each of its steps."""
    named = {e.prop.name for one, two in pairwise(cycle) for e in edges if e.says(one, two)}
    props = [prop for prop in spec.properties if prop.name in named]
    names = listed(prop.name for prop in props)
    steps = " before ".join(sample.show(patterns) for sample in cycle)
    return source.fault(f"{props[-1].key}.order", f"no run can keep the orders of {names}: {steps}")
