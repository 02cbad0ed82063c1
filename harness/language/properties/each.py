"""each: what is true of every line of an event by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.expression_parser import Expression, parse_line_expression
from harness.language.properties.expressions import (
    CannotTell,
    Result,
    Term,
    is_true,
    shown_sides,
)
from harness.language.properties.selectors import Events, FieldRef, Selector, parse_selector
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Each(Rule):
    """``holds`` is true of the fields of each line that ``of`` takes."""

    family: ClassVar[str] = "each"

    of: Selector
    holds: Expression

    def sentence(self) -> Message:
        """```square == n ** 2` holds of each `gets` line``."""
        return say("each.sentence", holds=self.holds.text, of=str(self.of))

    @property
    def needs_the_end(self) -> bool:
        """A line is right or wrong as soon as it has come."""
        return False

    def selectors(self) -> Iterable[Selector]:
        """The lines that are looked at."""
        return (self.of,)

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """None: each line is judged by itself."""
        del selector, fields
        return None

    def monitor(self) -> Monitor:
        """Nothing is kept from line to line."""
        return _LineByLine(self)

    def holds_of(self, fields: Sequence[Value]) -> bool:
        """Whether it is true of a line; raises CannotTell where arithmetic has no answer."""
        return is_true(self.holds.truth, lambda term: self._value(term, fields))

    def sides_of(self, fields: Sequence[Value]) -> str:
        """Each side of each comparison with what it comes to in a line."""
        return shown_sides(self.holds.truth, lambda term: self._value(term, fields))

    def _value(self, term: Term, fields: Sequence[Value]) -> Result:
        """What a term of the comparison is on this line, of which it takes fields alone."""
        _, source = self.holds.sources[term.slot]
        if not isinstance(source, FieldRef):
            raise TypeError(f"{term.of} is no field")
        return fields[source.index]


class _LineByLine(Monitor):
    def __init__(self, rule: Each) -> None:
        self.rule = rule

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        yield self.rule.of, self._take

    def _take(self, line: int, fields: Sequence[Value]) -> Violation | None:
        """Judge one line, as it comes."""
        of, reason = str(self.rule.of), ""
        try:
            if self.rule.holds_of(fields):
                return None
        except CannotTell as error:
            reason = error.reason
        message = say("each.broken", of=of)
        if reason:
            message = say("each.cannot-tell", of=of, reason=reason)
        found = self.rule.sides_of(fields)
        return Violation(
            message=message,
            marks=(Mark(line=line, note=found),),
            expected=self.rule.holds.text,
            found=found,
        )


def parse(table: Table, events: Events) -> Each:
    """Read the table: the lines, and a comparison of what one of them holds."""
    of = parse_selector(table, "of", table.text("of"), events)
    holds = parse_line_expression(table, "holds", table.text("holds"), of, events)
    return Each(of=of, holds=holds)


FAMILY = Family(
    name="each",
    summary="Arithmetic over the fields of one line, judged as soon as that has come.",
    keys=(
        Key(name="of", takes="selector", says="the lines that it is true of", required=True),
        Key(
            name="holds",
            takes="expression",
            says="as in a `relation`, of the fields of one line: each is called by its name alone, "
            "and of the functions there is `abs`",
            required=True,
        ),
    ),
    parse=parse,
    samples=(
        Sample(
            events='gets = "gets {n:d}: {square:d}"',
            rule='each = { of = "gets", holds = "square == n ** 2" }',
            accepted="gets 2: 4\ngets 3: 9\n",
            refused="gets 2: 4\ngets 3: 8\n",
            violation="a gets line does not keep it",
        ),
        Sample(
            events='moved = "moved {sum:d} from {giver:w} to {taker:w}"',
            rule='each = { of = "moved", holds = "giver != taker and sum > 0" }',
            accepted="moved 5 from ann to bob\n",
            refused="moved 5 from ann to bob\nmoved 5 from bob to bob\n",
            violation="a moved line does not keep it",
        ),
    ),
)
