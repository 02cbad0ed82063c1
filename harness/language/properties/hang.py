"""hang: the program prints so far, then falls silent and does not end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import (
    Facts,
    Family,
    Handler,
    Key,
    Monitor,
    Rule,
    Sample,
    Told,
)
from harness.language.properties.ending import ending_text
from harness.language.properties.selectors import Events, Selector, parse_selector
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.messages import Message, say
from harness.values.program import Value
from harness.values.run import Deadlocked, TimedOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang(Rule):
    """Each of ``after`` is printed at least once, and then nothing can go on."""

    family: ClassVar[str] = "hang"

    after: tuple[Selector, ...]

    def sentence(self) -> Message:
        """``after a `holds` line it hangs: it falls silent and does not end``."""
        lines = tuple(say("hang.line", name=str(selector)) for selector in self.after)
        return say("hang", lines=lines)

    def selectors(self) -> Iterable[Selector]:
        """The lines that come before the silence."""
        return self.after

    def monitor(self) -> Monitor:
        """Which of the lines have been seen."""
        return _SeenEvents(self)

    @property
    def allows_hang(self) -> bool:
        """A hang is what it speaks of."""
        return True

    @property
    def replaces_ending(self) -> bool:
        """A hang is an ending."""
        return True


class _SeenEvents(Monitor):
    """Which events are still owed before the run may hang.

    A run that timed out counts only if nothing shows that it was still at work.
    """

    def __init__(self, rule: Hang) -> None:
        self.owed = dict.fromkeys(rule.after)

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        return [(selector, self._taker(selector)) for selector in self.owed]

    def _taker(self, selector: Selector) -> Handler:
        def take(_line: int, _fields: Sequence[Value]) -> Violation | None:
            self.owed.pop(selector, None)
            return None

        return take

    def finish(self, facts: Facts) -> Violation | None:
        match facts.ending:
            case Deadlocked():
                return self._missing()
            case TimedOut() as late if late.may_be_hung:
                return self._missing()
            case TimedOut():
                return _no_hang(say("hang.still-at-work"), facts)
            case _:
                return _no_hang(say("hang.ends"), facts)

    def _missing(self) -> Violation | None:
        """What should have been printed before it hung, and was not."""
        if not self.owed:
            return None
        names = tuple(map(str, self.owed))
        return Violation(
            message=say("hang.without", names=names),
            expected=say("hang.expected", names=names),
            found=say("none"),
        )


def _no_hang(message: Message, facts: Facts) -> Violation:
    """The run ended otherwise: it had to hang."""
    return Violation(message=message, expected=say("ending.hang"), found=ending_text(facts.ending))


def parse(table: Table, events: Events) -> Hang:
    """Read the table of a hang: the events that come before it, at least one."""
    after = tuple(parse_selector(table, "after", text, events) for text in table.texts("after"))
    if not after:
        table.fail("after", "expected at least one event: what is printed before it hangs")
    for position, selector in enumerate(after):
        if selector in after[:position]:
            table.fail("after", f'"{selector}" is there twice')
    return Hang(after=after)


FAMILY = Family(
    name="hang",
    summary="A deadlock: it prints these events, then falls silent and does not end.",
    keys=(
        Key(
            name="after",
            takes="list of selectors",
            says="lines that come before the silence, each at least once",
            required=True,
        ),
    ),
    parse=parse,
    samples=(
        Sample(
            events='holds = "{who:w} holds its lock"',
            rule='hang = { after = ["holds"] }',
            accepted="anna holds its lock\nbob holds its lock\n",
            refused="anna holds its lock\n",
            violation="it ends, and does not hang",
            accepted_with=Told(ending="hang"),
        ),
    ),
)
