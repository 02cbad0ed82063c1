"""What the harness says to a reader: a message is an id with its arguments, and a text in English.

A message *is* its English text, so that whatever prints, compares or stores texts need not know of
it; whoever speaks another language makes the sentence anew from the id and the arguments
(``Catalogue.render``), and nobody has to recognise it. What is put into an f-string is a text like
any other: a sentence that holds another takes it as an argument.

A catalogue gives a template for each id. In it ``{name}`` stands for an argument, and words after
a colon say how it is put: ``{names:code or}`` sets each name as code and joins several with the
catalogue's own ``join.or``; ``{n:,}`` or ``{seconds:g}`` formats a number; ``{name:이/가}`` adds
the one of two particles that the sound of the word asks for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Self, TypeAlias

ENGLISH_FILE = Path(__file__).with_name("messages.en.toml")

Argument: TypeAlias = "str | int | float | tuple[Argument, ...]"
"""What stands in a message: a name, a number, another message, or several of them."""

Inflect: TypeAlias = Callable[[str, str, str], str]
"""Takes a word and the particle after a consonant, and after a vowel; gives the word with one."""


class Message(str):
    """An English text that knows what it says: equal to its text, and stored as that.

    ``text`` is what was said when it was said. The catalogue of a later harness may say it
    otherwise; a message that was kept stays as it was.
    """

    __slots__ = ("arguments", "id")

    id: str
    arguments: Mapping[str, Argument]

    def __new__(cls, text: str, id: str, arguments: Mapping[str, Argument]) -> Self:  # noqa: A002
        """The message that was said so."""
        message = super().__new__(cls, text)
        message.id = id
        message.arguments = arguments
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        """For copies and other processes."""
        return Message, (str(self), self.id, self.arguments)


def say(message_id: str, **arguments: Argument) -> Message:
    """The message with that id; raises KeyError for one that is not in the catalogue."""
    return Message(english().fill(message_id, arguments), message_id, arguments)


@cache
def english() -> Catalogue:
    """What every message says in English; read when the first one is made."""
    return Catalogue(texts=tomllib.loads(ENGLISH_FILE.read_text(encoding="utf-8"))["texts"])


# --- catalogues ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where an argument is put, and how."""

    name: str
    is_code: bool = False
    join: str = ""
    particles: tuple[str, str] | None = None
    number: str = ""


_Piece: TypeAlias = "str | _Gap"

_JOINS = frozenset({"or", "and", "series", "commas", "semicolons", "then", "lines"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The messages of one language: ``texts`` are the templates by id."""

    texts: Mapping[str, str]
    inflect: Inflect = field(default=lambda word, _after_consonant, _after_vowel: word)
    _pieces: dict[str, tuple[_Piece, ...]] = field(default_factory=dict)

    def render(self, message: Message) -> str | None:
        """The message in this language; ``None`` if it has no such, or of other arguments."""
        try:
            return self.fill(message.id, message.arguments)
        except KeyError:
            return None

    def fill(self, message_id: str, arguments: Mapping[str, Argument]) -> str:
        """The template with the arguments; raises KeyError for what is not there."""
        pieces = self._pieces.get(message_id)
        if pieces is None:
            pieces = self._pieces[message_id] = tuple(_parse(self.texts[message_id]))
        return "".join(
            piece if isinstance(piece, str) else self._put(piece, arguments[piece.name])
            for piece in pieces
        )

    def _put(self, gap: _Gap, argument: Argument) -> str:
        """An argument as its gap wants it.

        Joined, as code, with the particle that suits its end.
        """
        items = argument if isinstance(argument, tuple) else (argument,)
        shown = [self._show(item, gap) for item in items]
        text = self._joined([_as_code(s) for s in shown] if gap.is_code else shown, gap.join)
        return self.inflect(text, *gap.particles) if gap.particles and text else text

    def _show(self, item: Argument, gap: _Gap) -> str:
        """One item of an argument; a message within a message is said in this language."""
        if isinstance(item, Message):
            said = self.render(item)
            return str(item) if said is None else said
        if isinstance(item, tuple):
            return "".join(self._show(each, gap) for each in item)
        return format(item, gap.number) if gap.number else str(item)

    def _joined(self, shown: list[str], join: str) -> str:
        """Several items in one text; a ``series`` has another word before the last."""
        if not join or len(shown) < 2:
            return "".join(shown)
        if join != "series":
            return self.texts[f"join.{join}"].join(shown)
        first = self.texts["join.commas"].join(shown[:-1])
        return f"{first}{self.texts['join.last']}{shown[-1]}"


def _as_code(text: str) -> str:
    """The text between backticks; what holds code among words already is left as it is."""
    return text if "`" in text else f"`{text}`"


def arguments_of(template: str) -> frozenset[str]:
    """The names of the arguments that a template uses."""
    return frozenset(piece.name for piece in _parse(template) if isinstance(piece, _Gap))


def _parse(template: str) -> Iterator[_Piece]:
    """The pieces of a template, in the syntax of ``str.format``: texts and gaps."""
    for text, name, words, _ in Formatter().parse(template):
        if text:
            yield text
        if name is not None:
            yield _gap(name, (words or "").split())


def _gap(name: str, words: list[str]) -> _Gap:
    """A gap by its name and the words behind its colon."""
    given: dict[str, Any] = {}
    for word in words:
        if word == "code":
            given["is_code"] = True
        elif word in _JOINS:
            given["join"] = word
        elif "/" in word:
            given["particles"] = tuple(word.split("/"))
        else:
            given["number"] = word
    return _Gap(name, **given)


# --- as JSON ---------------------------------------------------------------------------


def to_json(argument: Argument) -> Any:
    """An argument or a message in the terms of JSON."""
    match argument:
        case Message():
            arguments = {name: to_json(each) for name, each in argument.arguments.items()}
            return {"text": str(argument), "id": argument.id, "arguments": arguments}
        case tuple():
            return [to_json(each) for each in argument]
        case _:
            return argument


def from_json(data: Any) -> Argument:
    """What ``to_json`` was given; raises ValueError for anything else."""
    match data:
        case {"text": str(text), "id": str(known), "arguments": {**arguments}}:
            return Message(
                text, known, {str(name): from_json(each) for name, each in arguments.items()}
            )
        case list():
            return tuple(from_json(each) for each in data)
        case str() | int() | float():
            return data
        case _:
            raise ValueError(f"no message: {str(data)[:60]}")
