"""Feed lines to monitors: the loop that every line of every trace goes through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from harness.language.declarations import Property
from harness.language.patterns import Matcher
from harness.language.properties.base import Facts, Handler, Monitor
from harness.values.finding import Line, Violation
from harness.values.program import Value

MAX_UNKNOWN_LINES = 5
"""How many lines that are no event are kept to be shown; all are counted."""

MAX_UNKNOWN_TEXT = 1000
"""Characters of such a line that are kept."""

Mend = Callable[[str], Sequence[str] | None]
"""Asked about a line that is no event: the event texts that it is torn from, or ``None``."""


class UnknownLine(NamedTuple):
    """A line that is no event: its number, its text or the start of it, and its whole length."""

    number: int
    start: str
    length: int


class Watch:
    """The monitors of one run, and what they have said so far.

    ``bound`` names the events that may come at all. ``violations`` holds the
    first violation of each property; ``unknown`` the first lines that are no
    event; ``unbound`` the first line of each event that may not come.
    """

    def __init__(self, properties: Iterable[Property], *, bound: frozenset[str]) -> None:
        properties = tuple(properties)
        self.monitors: dict[str, Monitor] = {p.name: p.rule.monitor() for p in properties}
        self._about_ending = {p.name for p in properties if p.rule.replaces_ending}
        self.violations: dict[str, Violation] = {}
        self.lines = 0
        self.unknown: list[UnknownLine] = []
        self.unknown_count = 0
        self.unbound: dict[str, int] = {}
        self._bound = bound
        self._owners: dict[Handler, str] = {}
        """The property of each handler; a handler belongs to one monitor."""
        self._handlers = self._collect()
        takers = (monitor.line_handler() for monitor in self.monitors.values())
        self._line_handlers = [taker for taker in takers if taker is not None]
        """Those of monitors that want every line, as text, an event or not."""

    def _collect(self) -> dict[str, list[Handler]]:
        """For each event the handlers that want its lines; none for one that may only come."""
        handlers: dict[str, list[Handler]] = {event: [] for event in self._bound}
        for name, monitor in self.monitors.items():
            for selector, handler in monitor.handlers():
                told = _only(selector.takes, handler) if selector.where else handler
                self._owners[told] = name
                handlers.setdefault(selector.event, []).append(told)
        return handlers

    def feed(self, blocks: Iterable[Sequence[str]], matcher: Matcher, mend: Mend | None) -> None:
        """Read lines in blocks, however many, and show each to the monitors that ask for it."""
        # All that the loop below looks up is bound once: it runs for each of ten million lines.
        match, table = _first_match(matcher, mend), matcher.table
        number = self.lines
        for block in blocks:
            self._show_texts(number, block)
            for text in block:
                number += 1
                found = match(text)
                if found is None:
                    number = self._take_stray(number, text, matcher, mend)
                    continue
                event, convert = table[found.lastindex or 0]
                fields = convert(found)
                for handler in self._handlers.get(event) or self._unexpected(event, number):
                    if (violation := handler(number, fields)) is not None:
                        self._break(handler, violation)
        self.lines = number

    def show(self, lines: Iterable[Line]) -> None:
        """Show lines that have been read already; their numbers go on from the last one's."""
        for line in lines:
            self.lines += 1
            self._show_texts(self.lines - 1, (line.text,))
            if line.event is None:
                self._note_unknown(self.lines, line.text)
            else:
                self._tell(self.lines, line.event, line.fields)

    def finish(self, facts: Facts, *, so_far: bool = False) -> None:
        """Ask the monitors that have said nothing yet what is still owed.

        Of a run that was stopped (``so_far``) nothing is owed: only how it went on is asked.
        """
        for name, monitor in self.monitors.items():
            is_asked = not so_far or name in self._about_ending
            if is_asked and name not in self.violations:
                violation = monitor.finish(facts)
                if violation is not None:
                    self.violations[name] = violation

    def _show_texts(self, before: int, texts: Sequence[str]) -> None:
        """Show each line as it is to those who want every line, whatever event it may be."""
        for taker in self._line_handlers:
            for number, text in enumerate(texts, before + 1):
                taker(number, text)

    def _tell(self, number: int, event: str, fields: Sequence[Value]) -> None:
        """Show one line that has been recognised already."""
        for handler in self._handlers.get(event) or self._unexpected(event, number):
            if (violation := handler(number, fields)) is not None:
                self._break(handler, violation)

    def _unexpected(self, event: str, number: int) -> Sequence[Handler]:
        """No handler: all of them have said their say, or the event is not expected at all."""
        if event not in self._bound:
            self.unbound.setdefault(event, number)
        return ()

    def _break(self, handler: Handler, violation: Violation) -> None:
        """Keep the first violation of a property and call its handlers no more."""
        name = self._owners[handler]
        self.violations.setdefault(name, violation)
        for event, handlers in self._handlers.items():
            # New lists, as the loop that has called us still goes through the old one.
            self._handlers[event] = [h for h in handlers if self._owners[h] != name]

    def _take_stray(self, number: int, text: str, matcher: Matcher, mend: Mend | None) -> int:
        """A line that is no event as it stands; gives the number of the last line it makes."""
        parts = mend(text) if mend else None
        if parts is None and not text and matcher.recognise(text) is not None:
            parts = (text,)
        if parts is None:
            self._note_unknown(number, text)
            return number
        for part in parts:
            event, fields = matcher.recognise(part) or ("", ())
            self._tell(number, event, fields)
            number += 1
        return number - 1

    def _note_unknown(self, number: int, text: str) -> None:
        """A line that is no event. An empty one that no spec speaks of is layout: no finding."""
        if not text:
            return
        self.unknown_count += 1
        if len(self.unknown) < MAX_UNKNOWN_LINES:
            self.unknown.append(UnknownLine(number, text[:MAX_UNKNOWN_TEXT], len(text)))


def _only(takes: Callable[[Sequence[Value]], bool], handler: Handler) -> Handler:
    """The handler, asked only about lines whose fields it takes."""

    def told(line: int, fields: Sequence[Value]) -> Violation | None:
        return handler(line, fields) if takes(fields) else None

    return told


def _first_match(matcher: Matcher, mend: Mend | None) -> Callable[[str], re.Match[str] | None]:
    """What says of a line which event it is; of an empty one, where lines are mended, it says none.

    That may be the end of a torn line, which ``mend`` knows.
    """
    match = matcher.match
    if mend is None or match("") is None:
        return match
    return lambda text: match(text) if text else None
