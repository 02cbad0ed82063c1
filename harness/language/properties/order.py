"""order: which lines come before which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain as flatten
from itertools import pairwise
from typing import ClassVar

from harness.language.properties.base import Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.selectors import (
    Events,
    Selector,
    check_comparable,
    field_index,
    parse_field,
    parse_selector,
)
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value
from harness.values.words import kind_of

Stage = tuple[Selector, ...]
"""One element of a chain: the lines of any of these selectors."""

_EVERY_LINKS = ("order.every", "order.every-then")
_FIRST_LINKS = ("order.first", "order.first-then")
"""What is said of the first link of a chain, and of the further ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Rule):
    """Every line of a stage comes before every line of the stages after it.

    With ``first`` only the first lines of the stages are compared. With
    ``keys`` (for each stage the positions of the key field in its selectors'
    events) the lines of each key are taken separately; ``same`` is how the
    spec names the key.
    """

    family: ClassVar[str] = "order"

    chain: tuple[Stage, ...]
    keys: tuple[tuple[int, ...], ...] = ()
    same: str = ""
    first: bool = False

    def sentence(self) -> Message:
        """``every `worker` line comes before every `main` line``."""
        begins, goes_on = _FIRST_LINKS if self.first else _EVERY_LINKS
        links = tuple(
            say(goes_on if number else begins, before=before, after=after)
            for number, (before, after) in enumerate(pairwise(map(_names, self.chain)))
        )
        each = say("each.bare", same=self.same) if self.same else ""
        return say("order.chain", links=links, each=each)

    @property
    def needs_the_end(self) -> bool:
        """No: a line that comes too early is seen when it comes."""
        return False

    def selectors(self) -> Iterable[Selector]:
        """The lines of all stages."""
        return (selector for stage in self.chain for selector in stage)

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """One for each key; lines of one stage are not told apart."""
        for rank, stage in enumerate(self.chain):
            if selector in stage:
                key = fields[self.keys[rank][stage.index(selector)]] if self.keys else None
                return Row(key, rank)
        return Row()

    def monitor(self) -> Monitor:
        """How far the chain has come: one number, or one for each key."""
        return _First(self) if self.first else _All(self)


def _names(stage: Stage) -> tuple[str, ...]:
    return tuple(map(str, stage))


class _Chain(Monitor):
    """For each key the line that first reached each stage."""

    def __init__(self, rule: Order) -> None:
        self.rule = rule
        self.reached: dict[Hashable, list[int]] = {}
        # Lines are numbered from 1: 0 stands for a stage that no line has reached.
        self.fresh = [0] * len(rule.chain)

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for position, stage in enumerate(self.rule.chain):
            for index, selector in enumerate(stage):
                yield selector, self._handler(position, index)

    def _handler(self, position: int, index: int) -> Handler:
        """The handler of one selector. Its list of what each stage has reached is the key's own."""
        if not self.rule.keys:
            return self._taker(position, self.reached.setdefault(None, self.fresh.copy()))
        key = self.rule.keys[position][index]

        def take(line: int, fields: Sequence[Value]) -> Violation | None:
            reached = self.reached.get(fields[key])
            if reached is None:
                reached = self.reached[fields[key]] = self.fresh.copy()
            return self._take(position, reached, line, fields[key])

        return take

    def _taker(self, position: int, reached: list[int]) -> Handler:
        """The handler of a selector where one key is that of all lines.

        `_All` has shorter ones for the last two stages, which take most lines of a long trace.
        """

        def take(line: int, _fields: Sequence[Value]) -> Violation | None:
            return self._take(position, reached, line, None)

        return take

    def _take(
        self, position: int, reached: list[int], line: int, key: Value | None
    ) -> Violation | None:
        """The line of a stage, whose key has reached so much.

        What is broken by it, if anything is.
        """
        raise NotImplementedError

    def _broken(self, earlier: int, later: int, lines: tuple[int, int], key: object) -> Violation:
        """The lines are those of the later stage (which came first) and of the earlier one."""
        before, after = _names(self.rule.chain[earlier]), _names(self.rule.chain[later])
        where = self._where(key)
        early, late = lines
        return Violation(
            message=say("order.broken", before=before, after=after, where=where),
            marks=(
                Mark(line=early, note=say("order.too-early", before=before, after=after)),
                Mark(line=late, note=say("order.too-late", before=before)),
            ),
            expected=say("order.expected", before=before, after=after, where=where),
            found=say("order.found", before=before, after=after, early=early, late=late),
        )

    def _where(self, key: object) -> str:
        return say("for", key=self.rule.same, value=str(key)) if self.rule.keys else ""


class _All(_Chain):
    """No line may come once a later stage has been reached.

    Without keys the last two stages have handlers of their own: they are called for most lines of a
    long trace, and have no loop and no further call.
    """

    def _taker(self, position: int, reached: list[int]) -> Handler:
        later = range(position + 1, len(self.fresh))
        if len(later) == 0:
            return self._last_taker(position, reached)
        if len(later) == 1:
            return self._next_to_last_taker(position, reached)
        return super()._taker(position, reached)

    def _last_taker(self, position: int, reached: list[int]) -> Handler:
        """As ``_take``, for the last stage, which nothing can come too late for."""

        def take(line: int, _fields: Sequence[Value]) -> Violation | None:
            if not reached[position]:
                reached[position] = line
            return None

        return take

    def _next_to_last_taker(self, position: int, reached: list[int]) -> Handler:
        """As ``_take``, for a stage with one after it.

        Of most chains that is every line but the last's.
        """
        after = position + 1

        def take(line: int, _fields: Sequence[Value]) -> Violation | None:
            if reached[after]:
                return self._broken(position, after, (reached[after], line), None)
            if not reached[position]:
                reached[position] = line
            return None

        return take

    def _take(
        self, position: int, reached: list[int], line: int, key: Value | None
    ) -> Violation | None:
        # Against all later stages and not the next alone, which may have no line at all.
        for later in range(position + 1, len(reached)):
            if reached[later]:
                return self._broken(position, later, (reached[later], line), key)
        reached[position] = reached[position] or line
        return None


class _First(_Chain):
    """The first line of a stage needs the first line of the stage before."""

    def _take(
        self, position: int, reached: list[int], line: int, key: Value | None
    ) -> Violation | None:
        if reached[position]:
            return None
        reached[position] = line
        # The stage before will do: that it came too early itself would have been told.
        if position and not reached[position - 1]:
            return self._premature(position, line, key)
        return None

    def _premature(self, position: int, line: int, key: Value | None) -> Violation:
        """The first of a stage came before any of the one before it."""
        before, after = (_names(self.rule.chain[i]) for i in (position - 1, position))
        where = self._where(key)
        return Violation(
            message=say("order.premature", before=before, after=after, where=where),
            marks=(Mark(line=line, note=say("order.none-yet", before=before, after=after)),),
            expected=say("order.expected-first", before=before, after=after, where=where),
            found=say("order.found-none", before=before, after=after, line=line),
        )


def parse(table: Table, events: Events) -> Order:
    """Read the table of an order; a chain that repeats itself is refused."""
    chain = _parse_chain(table, events)
    keys, same = _parse_same(table, chain, events)
    if keys:
        selectors = (selector for stage in chain for selector in stage)
        check_comparable(table, "same", zip(selectors, flatten(*keys), strict=True), events)
    return Order(chain=chain, keys=keys, same=same, first=table.flag("first", default=False))


def _parse_chain(table: Table, events: Events) -> tuple[Stage, ...]:
    """Two stages or more; no line may be of two of them."""
    items = table.take("chain")
    if not isinstance(items, list) or len(items) < 2:
        table.fail("chain", f"expected a list of two or more events, found {kind_of(items)}")
    chain = tuple(_parse_stage(table, item, events) for item in items)
    _refuse_repeats(table, chain)
    return chain


def _parse_stage(table: Table, item: object, events: Events) -> Stage:
    """A stage of the chain: one event, or several any of which will do."""
    texts = item if isinstance(item, list) else [item]
    if not texts:
        table.fail("chain", "expected an event, found an empty list")
    return tuple(parse_selector(table, "chain", text, events) for text in texts)


def _refuse_repeats(table: Table, chain: tuple[Stage, ...]) -> None:
    """Refuse a chain in which one line could stand for two stages.

    It could come too early for itself.
    """
    flat = [selector for stage in chain for selector in stage]
    for position, one in enumerate(flat):
        for other in flat[position + 1 :]:
            if one.meets(other):
                table.fail("chain", f'"{one}" and "{other}" can be the same line')


def _parse_same(
    table: Table, chain: tuple[Stage, ...], events: Events
) -> tuple[tuple[tuple[int, ...], ...], str]:
    """The position of the key in each event, and what it is called; nothing if there is none."""
    same = table.take("same", None)
    match same:
        case None:
            return (), ""
        case str():
            keys = tuple(
                tuple(field_index(table, "same", s.event, same, events) for s in stage)
                for stage in chain
            )
            return keys, same
        case list():
            return _parse_keys(table, chain, same, events), " = ".join(map(str, same))
        case _:
            table.fail("same", f"expected a field or one for each link, found {kind_of(same)}")


def _parse_keys(
    table: Table, chain: tuple[Stage, ...], texts: list[object], events: Events
) -> tuple[tuple[int, ...], ...]:
    """One field for each link, where the events call their keys differently."""
    if len(texts) != len(chain) or any(len(stage) != 1 for stage in chain):
        table.fail("same", f"expected {len(chain)} fields, one for each link of the chain")
    refs = [parse_field(table, "same", text, events) for text in texts]
    for ref, (selector,) in zip(refs, chain, strict=True):
        if ref.selector.event != selector.event:
            table.fail("same", f'"{ref}" is no field of "{selector.event}"')
    return tuple((ref.index,) for ref in refs)


FAMILY = Family(
    name="order",
    summary="Which lines come before which: chains of any length, together or for each key.",
    keys=(
        Key(
            name="chain",
            takes="list of selectors",
            says="every line of one before every line of the next; an element may be a list",
            required=True,
        ),
        Key(
            name="same",
            takes="field, or a list of fields",
            says="separately for each value of this field (or of one field for each element)",
        ),
        Key(name="first", takes="true", says="compare only the first line of each element"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='worker = "worker {i:d}"\nmain = "main {i:d}"',
            rule='order = { chain = ["worker", "main"] }',
            accepted="worker 0\nworker 1\nmain 0\n",
            refused="worker 0\nmain 0\nworker 1\n",
            violation="main comes before worker",
        ),
        Sample(
            events='sent = "sent {item}"\ngot = "got {item}"',
            rule='order = { chain = ["sent", "got"], same = "item" }',
            accepted="sent a\nsent b\ngot b\ngot a\n",
            refused="sent a\ngot b\nsent b\n",
            violation="got comes before sent for item b",
        ),
        Sample(
            events='ready = "ready {who:w}"\ngo = "go"',
            rule='order = { chain = ["ready", "go"], first = true }',
            accepted="ready a\ngo\nready b\n",
            refused="go\nready a\n",
            violation="go comes before the first ready",
        ),
    ),
)
