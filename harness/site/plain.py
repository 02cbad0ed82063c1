"""Messages with the lines that they mean in the place of the names that a spec gives them. Pure.

A spec calls a kind of line ``made`` and its field ``made.i``; nobody who reads a page knows these
names. Here the message that says something of ``made.i`` becomes one that shows the line itself,
``worker {who} made update {i}``, with the field as it stands in a format string of both languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from harness.language.declarations import Property, Spec
from harness.language.properties.each import Each
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.relation import Relation
from harness.language.properties.selectors import Selector
from harness.values.messages import Argument, Message

PLAIN_FILE: Final = Path(__file__).with_name("plain.en.toml")
"""What is said otherwise on a page than in a report, and the words for parts of an expression."""

MAX_IN_EXPRESSION = 34
"""Characters of a line that an expression names it by; a longer one is cut."""

_NAMING = frozenset(
    ("before", "after", "names", "name", "enter", "leave", "one", "other", "event", "of")
)
"""Arguments of messages that can be names of lines or of fields."""

_FIELD_NAMING = frozenset(("same", "who", "key"))
"""Arguments that are the name of a field alone; a value of ``who`` is no name."""

_PATTERN_FIELD = re.compile(r"\{(\w+)(?::\w)?\}")
_NAME = re.compile(
    r"(?P<event>[A-Za-z][\w-]*)(?:\[(?P<where>[^\]]*)\])?(?:\.(?P<field>[A-Za-z_]\w*))?$"
)
_TERM = re.compile(
    r"(?P<function>[a-z]+)\((?P<inner>[A-Za-z][^()]*)\)"
    r"|(?P<field>[A-Za-z][\w-]*(?:\[[^\]]*\])?\.[A-Za-z_]\w*)"
)
_AS_MANY = re.compile(r"count\(([^()]*)\) == count\(([^()]*)\)$")
_COUNT = re.compile(r"count\(([^()]*)\) == (\d+)$")
"""How often a line comes, where nothing else is said."""

_SIGNS = {" == ": " = ", " != ": " ≠ ", " <= ": " ≤ ", " >= ": " ≥ ", " ** ": " to the power of "}
_RANGE = re.compile(r"(-?\d+)\.\.(=?)(-?\d+)$")


def message_of(known: str, **arguments: Argument) -> Message:
    """A message of the pages' own; its text stands in the catalogue of a language alone."""
    return Message("", known, arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines that the names of one spec stand for: its patterns by event."""

    patterns: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()

    def line(self, name: str) -> str:
        """The line that a selector means, fields that it fixes filled in; empty for no selector."""
        found = _NAME.match(name)
        if not found or found["field"] or found["event"] not in self.patterns:
            return ""
        return self._filled(found["event"], found["where"] or "")

    def field(self, name: str) -> tuple[str, str]:
        """The line and the field that ``event.field`` means; twice empty for no field."""
        found = _NAME.match(name)
        if not found or not found["field"] or found["event"] not in self.patterns:
            return "", ""
        return self._filled(found["event"], found["where"] or ""), found["field"]

    def _filled(self, event: str, where: str) -> str:
        """An event's pattern with the values of a selector filled in."""
        values = dict(part.split("=", 1) for part in where.replace(" ", "").split(",") if part)
        return filled(self.patterns[event], values)

    def told(self, message: Message) -> Message:
        """The message without names."""
        given = dict(message.arguments)
        arguments: dict[str, Argument] = {
            name: self._argument(name, v) for name, v in given.items()
        }
        for name, value in given.items():
            if name == "of" and isinstance(value, str):
                line, its_field = self.field(value)
                arguments |= {
                    "of_line": line or value,
                    "of_field": f"{{{its_field}}}" if its_field else value,
                }
        if isinstance(numbers := given.get("numbers"), str):
            arguments["numbers"] = numbers_told(numbers)
        if message.id in ("relation.side", "relation.untold"):
            arguments["side"] = self.expression(str(given["side"]))
        if message.id in ("order.every", "order.every-then"):
            arguments |= {name: _each_of(arguments[name]) for name in ("before", "after")}
        known = message.id
        if known == "values.are" and (once := self._once(given)):
            known, arguments = "plain.once", {"line": once, "each": arguments["each"]}
        return Message(str(message), known, arguments)

    def _argument(self, name: str, value: Argument) -> Argument:
        """An argument of a message in plain words: where it names an event, what its lines say."""
        if isinstance(value, Message):
            return self.told(value)
        if isinstance(value, tuple):
            return tuple(self._argument(name, each) for each in value)
        if not isinstance(value, str):
            return value
        if name in _FIELD_NAMING and value in self.fields:
            return f"{{{value}}}"
        return self._named(value) if name in _NAMING else value

    def _named(self, value: str) -> Argument:
        """The line of an event, or a field of it; as it was, where it names neither."""
        if line := self.line(value):
            return line
        line, its_field = self.field(value)
        return message_of("plain.field", field=f"{{{its_field}}}", line=line) if line else value

    def _once(self, given: Mapping[str, Argument]) -> str:
        """The one line that comes, where a field has to have just one value."""
        line, its_field = self.field(str(given.get("of", "")))
        numbers = str(given.get("numbers", ""))
        value = numbers[1:-1]
        is_one = numbers.startswith("[") and ("," not in value or value.startswith("["))
        return filled(line, {its_field: value}) if line and is_one and value else ""

    def expression(self, text: str) -> Message:
        """What an expression says, its terms in words and its signs as in a book."""
        if " and " in text and "(" not in text.replace("count(", "") and " or " not in text:
            return message_of("all", items=tuple(map(self.expression, text.split(" and "))))
        parts: list[Argument] = []
        end = 0
        for found in _TERM.finditer(text):
            parts += [_signs(text[end : found.start()]), self._term(found)]
            end = found.end()
        return message_of("plain.expression", parts=(tuple(parts), (_signs(text[end:]),)))

    def relation(self, text: str) -> Message:
        """What a relation says: of counts how often lines come, of a line's fields in that line."""
        said: list[Message] = []
        groups = groupby(_conjuncts(text), key=self._told_together)
        for (kind, of), parts in groups:
            match kind:
                case "counts":
                    names = [_COUNT.match(part) for part in parts]
                    lines = tuple(self.line(name[1]) for name in names if name)
                    said.append(_counted(lines, int(of)))
                case "line":
                    holds = tuple(self._within(part) for part in parts)
                    said.append(message_of("plain.in", line=of, holds=holds))
                case _:
                    said += map(self._compared, parts)
        return said[0] if len(said) == 1 else message_of("plain.also", items=tuple(said))

    def _compared(self, part: str) -> Message:
        """One part of a relation, of which nothing is said together with another."""
        if " or " in part and " and " not in part:
            ways = part.split(" or ")
            if all(way.count("(") == way.count(")") for way in ways):
                return message_of("plain.either", items=tuple(map(self._compared, ways)))
        if found := _AS_MANY.match(part):
            one, other = map(self.line, found.groups())
            if one and other:
                return message_of("plain.as-many", one=one, other=other)
        return self.expression(part)

    def _told_together(self, part: str) -> tuple[str, str]:
        """What neighbours are said in one: counts that are the same, fields of the same line."""
        if (found := _COUNT.match(part)) and self.line(found[1]):
            return "counts", found[2]
        lines = {self.field(found["field"])[0] for found in _TERM.finditer(part) if found["field"]}
        return ("line", lines.pop()) if len(lines) == 1 and "" not in lines else ("", "")

    def _within(self, part: str) -> Message:
        """A part of a relation that stands after the line whose fields it is about."""
        parts: list[Argument] = []
        end = 0
        for found in _TERM.finditer(part):
            name = self.field(found["field"])[1] if found["field"] else ""
            parts += [_signs(part[end : found.start()])]
            parts += [f"`{{{name}}}`" if name else self._term(found)]
            end = found.end()
        return message_of("plain.expression", parts=(tuple(parts), (_signs(part[end:]),)))

    def _term(self, found: re.Match[str]) -> Argument:
        """A part of an expression.

        A field, or a function of one, in words if there are any for it.
        """
        line, its_field = self.field(found["field"] or found["inner"])
        shown = f"{{{its_field}}}"
        if found["field"]:
            return message_of("plain.field", field=shown, line=_cut(line)) if line else found[0]
        if found["function"] == "count" and (line := self.line(found["inner"])):
            return message_of("plain.count", line=_cut(line))
        if not line:
            return found[0]
        known = f"plain.{found['function']}"
        if known in plain_english():
            return message_of(known, field=shown, line=_cut(line))
        return message_of(
            "plain.function", function=found["function"], field=shown, line=_cut(line)
        )

    def sentence(self, prop: Property) -> Message:
        """What a property says, of the lines themselves."""
        match prop.rule:
            case Relation(holds=holds):
                return self.relation(holds.text)
            case Each(holds=holds, of=of):
                return message_of(
                    "plain.each", holds=self._of_fields(holds.text), of=self.line(str(of))
                )
            case Outcomes():
                return self._outcomes(prop.rule)
            case _:
                said = prop.rule.sentence()
                return (
                    self.told(said) if isinstance(said, Message) else message_of("all", items=said)
                )

    def _of_fields(self, text: str) -> str:
        """An expression with its fields as gaps, longer names first: one may begin with another."""
        names = "|".join(map(re.escape, sorted(self.fields, key=len, reverse=True)))
        return re.sub(rf"\b({names})\b", r"{\1}", _signs(text)) if names else text

    def _outcomes(self, rule: Outcomes) -> Message:
        """What outcomes are told apart by."""
        if not rule.of:
            return message_of("plain.endings")
        if isinstance(rule.of[0], Selector):
            names: tuple[Argument, ...] = tuple(self.line(str(each)) for each in rule.of)
            return message_of("plain.orders", names=names)
        line, _ = self.field(str(rule.of[0]))
        return message_of("plain.outcomes", line=line)

    def outcome(self, rule: Outcomes, text: str) -> str:
        """The line, or the lines in their order, that an outcome of the spec stands for."""
        values = text.split(", ")
        if rule.of and isinstance(rule.of[0], Selector):
            lines = [self.line(value) for value in values]
            return " → ".join(lines) if all(lines) else text
        named = [self.field(str(each)) for each in rule.of]
        if not named or len({line for line, _ in named}) != 1 or not named[0][0]:
            return text
        if len(named) == 1:
            values = [text]
        if len(values) != len(named):
            return text
        shown = {name: _as_range(value) for (_, name), value in zip(named, values, strict=True)}
        return filled(named[0][0], shown)


def lines_of(spec: Spec) -> Lines:
    """The lines that the names of a spec stand for."""
    patterns = {event.name: filled(event.pattern, {}) for event in spec.events}
    names = (_PATTERN_FIELD.findall(event.pattern) for event in spec.events)
    return Lines(patterns=patterns, fields=frozenset().union(*names))


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern without the kinds of its fields, and with those filled in that have a value."""
    return _PATTERN_FIELD.sub(lambda each: values.get(each[1], f"{{{each[1]}}}"), pattern)


def numbers_told(text: str) -> Argument:
    """A range from its first to its last number, a list without its brackets."""
    if found := _RANGE.match(text):
        last = int(found[3]) - (not found[2])
        return message_of("plain.range", first=int(found[1]), last=last)
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    return inner if inner and not inner.startswith("[") else text


def _each_of(lines: Argument) -> Argument:
    """``every X line``, or X alone where it is always the same line."""
    several = lines if isinstance(lines, tuple) else (lines,)
    is_one = not any("{" in str(line) for line in several)
    return message_of("plain.line" if is_one else "plain.every", lines=several)


def _conjuncts(text: str) -> list[str]:
    """The parts of an expression that all hold; one alone where that is not the form of it."""
    parts = text.split(" and ")
    whole = all(part.count("(") == part.count(")") for part in parts)
    return parts if whole and " or " not in text and not text.startswith("not ") else [text]


def _counted(lines: tuple[str, ...], times: int) -> Message:
    """How often each of some lines comes."""
    if not times:
        return message_of("plain.never", lines=lines)
    if len(lines) > 1:
        known = "plain.once-each" if times == 1 else "plain.times-each"
    else:
        known = "plain.one" if times == 1 else "plain.times"
    return message_of(known, lines=lines, n=times)


def _as_range(text: str) -> str:
    """``0..5`` as a reader writes it, with its last number in it: ``0–4``."""
    found = _RANGE.match(text)
    return f"{found[1]}–{int(found[3]) - (not found[2])}" if found else text


def _cut(line: str) -> str:
    """A line as short as an expression can name it."""
    if len(line) <= MAX_IN_EXPRESSION:
        return line
    head = line[: MAX_IN_EXPRESSION - 8].rpartition(" ")[0]
    return f"{head} …"


def _signs(text: str) -> str:
    """Signs of programs as readers of mathematics have them."""
    for sign, shown in _SIGNS.items():
        text = text.replace(sign, shown)
    return text


@cache
def plain_english() -> Mapping[str, str]:
    """What is said otherwise on a page, by id: of messages that reports use, and of ours."""
    return dict(tomllib.loads(PLAIN_FILE.read_text(encoding="utf-8"))["texts"])
