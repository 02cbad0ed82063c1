"""sections: who is between an enter and a leave at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import Facts, Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.selectors import (
    Events,
    Selector,
    check_comparable,
    field_index,
    parse_selector,
)
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionKind:
    """One kind of section: the lines that open and close it.

    ``who`` and ``per`` are the positions of these fields in the enter's and
    the leave's event, where the rule has such fields.
    """

    enter: Selector
    leave: Selector
    who: tuple[int, int] | None = None
    per: tuple[int, int] | None = None

    @property
    def between(self) -> Message:
        """``between `enter` and `leave```."""
        return say("sections.between", enter=str(self.enter), leave=str(self.leave))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections(Rule):
    """What holds of those who are inside: how many, how many once, and beside whom.

    ``kind`` is counted (at most ``most`` inside, ``reaches`` at some moment);
    nobody is in ``other`` at the same time. ``who`` and ``per`` name the
    fields that tell one from another, and one place from another.
    """

    family: ClassVar[str] = "sections"

    kind: SectionKind
    other: SectionKind | None = None
    most: int | None = None
    reaches: int | None = None
    who: str = ""
    per: str = ""
    must_leave: bool = True

    def sentence(self) -> Message:
        """``at most 1 is between `enter` and `leave` at any time; …``."""
        each = say("each.apart", same=self.per) if self.per else ""
        return say("sections", parts=tuple(self._parts()), each=each)

    def _parts(self) -> Iterator[Message]:
        between = self.kind.between
        if self.most is not None:
            one = self.most == 1
            yield say(
                "sections.at-most-one" if one else "sections.at-most", n=self.most, between=between
            )
        if self.reaches is not None:
            one = self.reaches == 1
            yield say(
                "sections.reaches-one" if one else "sections.reaches",
                n=self.reaches,
                between=between,
            )
        if self.other is not None:
            yield say("sections.excludes", between=between, other=self.other.between)
        leave, kept = str(self.kind.leave), "" if self.must_leave else say("sections.may-stay")
        if self.who:
            yield say("sections.leaves-same", leave=leave, who=self.who, kept=kept)
        else:
            yield say("sections.leaves-some", leave=leave, kept=kept)

    @property
    def needs_the_end(self) -> bool:
        """Whoever is inside may still leave."""
        return self.must_leave

    def selectors(self) -> Iterable[Selector]:
        """What opens and closes the sections."""
        kinds = (self.kind,) if self.other is None else (self.kind, self.other)
        return [selector for kind in kinds for selector in (kind.enter, kind.leave)]

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """One for each place; two who enter may change places, and so may two who leave."""
        for kind in filter(None, (self.kind, self.other)):
            for position, line in enumerate((kind.enter, kind.leave)):
                if line == selector:
                    place = None if kind.per is None else fields[kind.per[position]]
                    return Row(place, 2 * (kind is self.other) + position)
        return Row()

    def monitor(self) -> Monitor:
        """Who is inside: a number for each place, or a line for each who."""
        return _Inside(self)


class _InsidePlace:
    """Those inside one kind of section in one place, each with the line that let them in.

    Without names only the number and the latest line are kept.
    """

    __slots__ = ("last", "number", "who")

    def __init__(self) -> None:
        self.who: dict[Value, int] = {}
        self.number = 0
        self.last = 0

    def add(self, line: int, who: Value | None) -> None:
        """Somebody has come in, who may have no name."""
        # Counted by itself: who has no name is in no table.
        self.number += 1
        self.last = line
        if who is not None:
            self.who[who] = line

    def drop(self, who: Value | None) -> None:
        """Somebody who is inside goes."""
        self.number -= 1
        if who is not None:
            del self.who[who]

    def marks(self) -> tuple[Mark, ...]:
        """The lines of those inside, at most three."""
        if self.who:
            inside = list(self.who.items())[:3]
            return tuple(
                Mark(line=line, note=say("sections.inside", who=who)) for who, line in inside
            )
        return (Mark(line=self.last, note=say("sections.one-inside")),)


_Places = dict[Value | None, _InsidePlace]
_Take = Callable[[int, Value | None, Value | None], Violation | None]


class _Inside(Monitor):
    """Judges each enter and leave as it comes.

    Memory grows with those who are inside and with places.
    """

    def __init__(self, rule: Sections) -> None:
        self.rule = rule
        self.places: dict[SectionKind, _Places] = {
            kind: {} for kind in (rule.kind, rule.other) if kind is not None
        }
        self.reached = 0

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for kind, places in self.places.items():
            yield kind.enter, _reader(kind, 0, self._enterer(kind, places))
            yield kind.leave, _reader(kind, 1, self._leaver(kind, places))

    def _enterer(self, kind: SectionKind, places: _Places) -> _Take:
        """What an enter comes to.

        Whoever breaks something does not get in: it would break all that follows.
        """
        most = self.rule.most if kind is self.rule.kind else None
        # The two kinds exclude each other both ways, so that each asks the other: only `at-most` is
        # about the first alone.
        others = [found for other, found in self.places.items() if other is not kind]

        def enter(line: int, who: Value | None, per: Value | None) -> Violation | None:
            place = places.setdefault(per, _InsidePlace())
            if who is not None and who in place.who:
                return self._again(kind, place, line, who)
            if place.number == most:
                return self._full(place, line, per)
            for other in others:
                if per in other and other[per].number:
                    return self._together(kind, other[per], line, per)
            place.add(line, who)
            if kind is self.rule.kind:
                self.reached = max(self.reached, place.number)
            return None

        return enter

    def _leaver(self, kind: SectionKind, places: _Places) -> _Take:
        """What a leave comes to: whoever goes has to be inside."""

        def leave(line: int, who: Value | None, per: Value | None) -> Violation | None:
            place = places.get(per)
            # Without names nobody can say who leaves: that somebody is inside has to do.
            if place is None or not (place.number if who is None else who in place.who):
                return self._stranger(kind, line, who, per)
            place.drop(who)
            return None

        return leave

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        if self.rule.must_leave:
            for kind, places in self.places.items():
                for per, place in places.items():
                    if place.number:
                        return self._stayed(kind, place, per)
        if self.rule.reaches is not None and self.reached < self.rule.reaches:
            return Violation(
                message=say("sections.not-reached", n=self.rule.reaches),
                expected=say("sections.expected-reached", n=self.rule.reaches),
                found=say("at-most", n=self.reached),
            )
        return None

    def _where(self, per: Value | None) -> str:
        """The place, where there are several."""
        return say("for", key=self.rule.per, value=per) if per is not None else ""

    def _again(self, kind: SectionKind, place: _InsidePlace, line: int, who: Value) -> Violation:
        """Somebody who is inside enters once more."""
        return Violation(
            message=say("sections.again", who=who),
            marks=(
                Mark(line=place.who[who], note=say("sections.enters", who=who)),
                Mark(line=line, note=say("sections.enters-again", who=who)),
            ),
            expected=say(
                "sections.expected-left",
                leave=str(kind.leave),
                enter=str(kind.enter),
                key=self.rule.who,
                who=who,
            ),
            found=say("sections.second", enter=str(kind.enter), line=line),
        )

    def _full(self, place: _InsidePlace, line: int, per: Value | None) -> Violation:
        """One more enters than may be inside."""
        where = self._where(per)
        return Violation(
            message=say("sections.full", where=where),
            marks=(*place.marks(), Mark(line=line, note=say("sections.one-more"))),
            expected=say("sections.expected-most", n=self.rule.most or 0, where=where),
            found=say("sections.inside-from", n=place.number + 1, line=line),
        )

    def _together(
        self, kind: SectionKind, other: _InsidePlace, line: int, per: Value | None
    ) -> Violation:
        """Somebody enters while somebody is in the other section of this place."""
        return Violation(
            message=say("sections.together", enter=str(kind.enter), where=self._where(per)),
            marks=(*other.marks(), Mark(line=line, note=say("sections.all-the-same"))),
            expected=say("sections.expected-apart"),
            found=say("sections.with", enter=str(kind.enter), line=line, n=other.number),
        )

    def _stranger(
        self, kind: SectionKind, line: int, who: Value | None, per: Value | None
    ) -> Violation:
        """Somebody leaves who is not inside."""
        name = say("sections.somebody") if who is None else who
        enter, leave = str(kind.enter), str(kind.leave)
        return Violation(
            message=say("sections.stranger", who=name, where=self._where(per)),
            marks=(Mark(line=line, note=say("sections.not-inside")),),
            expected=say("sections.expected-enter", enter=enter, leave=leave),
            found=say("sections.unentered", leave=leave, line=line, enter=enter),
        )

    def _stayed(self, kind: SectionKind, place: _InsidePlace, per: Value | None) -> Violation:
        """The run has ended, and somebody is still inside."""
        where = self._where(per)
        return Violation(
            message=say("sections.stayed", where=where),
            marks=place.marks(),
            expected=say(
                "sections.expected-leave",
                leave=str(kind.leave),
                enter=str(kind.enter),
                where=where,
            ),
            found=say("sections.still-inside", n=place.number),
        )


def _reader(kind: SectionKind, position: int, take: _Take) -> Handler:
    """The handler that reads who and where from the fields of a line."""
    who = None if kind.who is None else kind.who[position]
    per = None if kind.per is None else kind.per[position]

    def read(line: int, fields: Sequence[Value]) -> Violation | None:
        return take(
            line, None if who is None else fields[who], None if per is None else fields[per]
        )

    return read


def parse(table: Table, events: Events) -> Sections:
    """Read the table of sections; numbers that nobody can break or reach are refused."""
    who, per = table.text("who", ""), table.text("per", "")
    if who and who == per:
        table.fail("per", f'"{who}" already tells one from another; a place needs another field')
    kind = _parse_kind(table, who, per, events)
    excludes = table.table("excludes") if "excludes" in table else table.take("excludes", None)
    other = None if excludes is None else _parse_kind(excludes, who, per, events)
    if excludes is not None:
        excludes.finish()
    rule = Sections(
        kind=kind,
        other=other,
        most=_parse_number(table, "at-most"),
        reaches=_parse_number(table, "reaches"),
        who=who,
        per=per,
        must_leave=table.flag("left", default=True),
    )
    _refuse_repeats(table, rule)
    _refuse_senseless(table, rule, events)
    return rule


def _parse_kind(table: Table, who: str, per: str, events: Events) -> SectionKind:
    """An enter and a leave whose fields can be compared: each has who and where."""
    enter, leave = (
        parse_selector(table, key, table.take(key), events) for key in ("enter", "leave")
    )

    def positions(key: str, name: str) -> tuple[int, int] | None:
        if not name:
            return None
        first, second = (field_index(table, key, s.event, name, events) for s in (enter, leave))
        check_comparable(table, key, ((enter, first), (leave, second)), events)
        return first, second

    return SectionKind(
        enter=enter, leave=leave, who=positions("who", who), per=positions("per", per)
    )


def _parse_number(table: Table, key: str) -> int | None:
    """A number from 1 on; ``None`` where nothing is said."""
    number: int | None = table.integer(key, None)
    if number is not None and number < 1:
        table.fail(key, f"expected a number from 1 on, found {number}")
    return number


def _refuse_repeats(table: Table, rule: Sections) -> None:
    """A line that opens and closes could be read either way."""
    selectors = list(rule.selectors())
    for position, one in enumerate(selectors):
        for other in selectors[position + 1 :]:
            if one.meets(other):
                table.fail("", f'"{one}" and "{other}" can be the same line')


def _refuse_senseless(table: Table, rule: Sections, events: Events) -> None:
    """Numbers that no trace can break, or none can keep."""
    if rule.reaches is not None and rule.most is not None and rule.reaches > rule.most:
        table.fail("reaches", f"{rule.reaches} are never inside where at most {rule.most} may be")
    if rule.kind.who is None:
        return
    words = events[rule.kind.enter.event].fields[rule.kind.who[0]].words
    if words and rule.most is not None and rule.most >= len(words):
        table.fail("at-most", f'nothing can break this: there are only {len(words)} "{rule.who}"')
    if words and rule.reaches is not None and rule.reaches > len(words):
        table.fail("reaches", f'nothing can reach this: there are only {len(words)} "{rule.who}"')


FAMILY = Family(
    name="sections",
    summary="Between an enter and a leave: at most so many inside, so many once, two kinds apart.",
    keys=(
        Key(name="enter", takes="selector", says="the line that opens a section", required=True),
        Key(name="leave", takes="selector", says="the line that closes it", required=True),
        Key(name="at-most", takes="number", says="never more than so many inside"),
        Key(
            name="reaches",
            takes="number",
            says="so many are inside at some moment; best of `sometimes`",
        ),
        Key(name="who", takes="field", says="who enters and leaves: each is inside once at most"),
        Key(name="per", takes="field", says="the place: separately for each value of this field"),
        Key(
            name="excludes",
            takes="table of enter and leave",
            says="another kind of section, never at the same time as this",
        ),
        Key(name="left", takes="false", says="not all who are inside need to leave"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='enter = "{who:w} enters"\nleave = "{who:w} leaves"',
            rule='sections = { enter = "enter", leave = "leave", at-most = 1, who = "who" }',
            accepted="anna enters\nanna leaves\nbob enters\nbob leaves\n",
            refused="anna enters\nbob enters\nanna leaves\nbob leaves\n",
            violation="one too many inside",
        ),
        Sample(
            events='enter = "{who:w} enters"\nleave = "{who:w} leaves"',
            rule='sections = { enter = "enter", leave = "leave", reaches = 2 }',
            accepted="anna enters\nbob enters\nanna leaves\nbob leaves\n",
            refused="anna enters\nanna leaves\nbob enters\nbob leaves\n",
            violation="never 2 inside at the same time",
        ),
        Sample(
            events='reads = "{r:d} reads"\nread = "{r:d} has read"\n'
            'writes = "{w:d} writes"\nwritten = "{w:d} has written"',
            rule='sections = { enter = "writes", leave = "written", at-most = 1, '
            'excludes = { enter = "reads", leave = "read" } }',
            accepted="1 reads\n2 reads\n1 has read\n2 has read\n7 writes\n7 has written\n",
            refused="1 reads\n7 writes\n1 has read\n7 has written\n",
            violation="writes while the other kind is inside",
        ),
        Sample(
            events='enter = "{who:w} enters room {room:d}"\nleave = "{who:w} leaves room {room:d}"',
            rule='sections = { enter = "enter", leave = "leave", at-most = 1, per = "room" }',
            accepted="anna enters room 1\nbob enters room 2\n"
            "anna leaves room 1\nbob leaves room 2\n",
            refused="anna enters room 1\nbob enters room 1\n"
            "anna leaves room 1\nbob leaves room 1\n",
            violation="one too many inside for room 1",
        ),
        Sample(
            events='sleep = "{who:w} sleeps"\nwake = "{who:w} wakes"',
            rule='sections = { enter = "sleep", leave = "wake", who = "who", left = false }',
            accepted="anna sleeps\nanna wakes\nbob sleeps\n",
            refused="anna sleeps\nbob wakes\n",
            violation="bob leaves without being inside",
        ),
    ),
)
