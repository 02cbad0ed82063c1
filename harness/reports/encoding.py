"""The model's values as JSON, and back: led by the types that the model declares.

A field that has its default is left out; an enumeration is its value, a path
its text, a tuple a list. A message is its text, and ``said`` holds its id and
arguments beside the field, so that whoever reads it can say it in another
language. What comes back is equal to what went in.
"""

from __future__ import annotations

import builtins
import math
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from harness.values.messages import Message, from_json, to_json

SAID = "said"
"""Beside the fields of an object: the id and the arguments of those that are messages."""

MOST = 1 << 53
"""No number of a report is greater: up to this one every reader of JSON has it exactly."""

_SIGNED = frozenset({"seed"})
"""The only number that may be below nought."""

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def encode(value: object) -> Any:
    """The value in the terms of JSON."""
    match value:
        case Enum():
            return value.value
        case Path():
            return str(value)
        case float() if not math.isfinite(value):
            return str(value)
        case str():
            return whole(value)
        case int() | float() | None:
            return value
        case Mapping():
            return {whole(key): encode(item) for key, item in value.items()}
        case Iterable():
            return [encode(item) for item in value]
        case _:
            return _encode_fields(value)


def whole(text: str) -> str:
    r"""The text, with halves of characters written out (``\udcff``): no file can hold them.

    They stand for bytes that are no UTF-8, in the name of a directory say.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _encode_fields(value: Any) -> dict[str, Any]:
    """The fields that are not as their defaults; the ids of messages stand beside their texts."""
    kind: Any = type(value)
    pairs = ((name, getattr(value, name), default) for name, default in _defaults(kind))
    given = {name: item for name, item, default in pairs if item != default}
    said = {name: told for name, item in given.items() if (told := _said(item)) is not None}
    encoded = {name: encode(item) for name, item in given.items()}
    return {**encoded, SAID: said} if said else encoded


def _said(value: object) -> Any:
    """What a message says, or each of a list of texts (``None``: one that is no message)."""
    match value:
        case Message():
            told = to_json(value)
            return {"id": told["id"], "arguments": encode(told["arguments"])}
        case tuple() if any(isinstance(each, Message) for each in value):
            return [_said(each) for each in value]
        case _:
            return None


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass, by name, each with its default; ``MISSING`` where it has none.

    A factory is called once and its value kept: it is compared with, and never handed out.
    """
    return tuple((each.name, _default(each)) for each in fields(kind))


def _default(each: Field[Any]) -> Any:
    """What a field is if nothing is given."""
    return each.default_factory() if each.default_factory is not MISSING else each.default


def decode(kind: type[T], data: object) -> T:
    """The value of that type; fields that it does not know are passed over.

    Raises ValueError, with the place, for what is no such value.
    """
    decoder: Decoder = _decoder_of(kind)  # type: ignore[arg-type]  # a class is hashable
    value: T = decoder(data)
    return value


@cache
def _decoder_of(kind: Any) -> Decoder:
    """What reads a value of that type, as its annotation has it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is None:
        return _fields_of(kind) if is_dataclass(kind) else _scalar(kind)
    if origin in (Union, types.UnionType):
        return _any_of([_decoder_of(each) for each in arguments])
    if origin is Literal:
        return _one_of(arguments)
    return _list_of(arguments[0]) if origin is tuple else _mapping_to(arguments[1])


def _scalar(kind: Any) -> Decoder:
    """What reads a value that is no list, no table and no choice."""
    if issubclass(kind, Path | Enum):
        return _made_of_text(kind)
    match kind:
        case builtins.int:
            return _amount_of(int)
        case builtins.float:
            return _amount_of(int, float)
        case builtins.str:
            return _text
        case _:
            return _typed(kind)


def _amount_of(*kinds: type, least: int = 0) -> Decoder:
    """A count or a measure: finite, and of a size that there can be."""
    number = _typed(*kinds)

    def decoder(data: Any) -> Any:
        if not least <= number(data) <= MOST:  # what is no number is not, either
            raise ValueError(f"expected a number from {least} to {MOST}, found {_shown(data)}")
        return data

    return decoder


def _text(data: Any) -> str:
    """A text that can be written again: JSON can hold halves of characters, which cannot."""
    if not isinstance(data, str):
        raise ValueError(f"expected str, found {_shown(data)}")  # noqa: TRY004 - a value of JSON
    try:
        data.encode()
    except UnicodeEncodeError:
        raise ValueError(f"expected Unicode, found half a character in {_shown(data)}") from None
    return data


def _typed(*kinds: type) -> Decoder:
    """What takes values of these types as they are; true is no number here."""

    def decoder(data: Any) -> Any:
        if not isinstance(data, kinds) or (isinstance(data, bool) and bool not in kinds):
            raise ValueError(f"expected {kinds[-1].__name__}, found {_shown(data)}")
        return data

    return decoder


def _one_of(words: tuple[Any, ...]) -> Decoder:
    """What takes one of these words."""

    def decoder(data: Any) -> Any:
        if data not in words:
            raise ValueError(f"expected one of {', '.join(words)}, found {_shown(data)}")
        return data

    return decoder


def _made_of_text(kind: Callable[[str], Any]) -> Decoder:
    """What reads a text into a path or an enumeration.

    Raises ValueError for what is none of its values.
    """
    return lambda data: kind(_text(data))


def _list_of(kind: Any) -> Decoder:
    """What reads a list into a tuple, item by item."""
    check, item = _typed(list), _decoder_of(kind)
    return lambda data: tuple(item(each) for each in check(data))


def _mapping_to(kind: Any) -> Decoder:
    """What reads a table of any keys into a dictionary."""
    check, item = _typed(dict), _decoder_of(kind)
    return lambda data: {_text(key): item(each) for key, each in check(data).items()}


def _any_of(decoders: list[Decoder]) -> Decoder:
    """What takes whatever one of these does, the first first; raises what the last has raised."""

    def decoder(data: Any) -> Any:
        for each in decoders:
            try:
                return each(data)
            except ValueError as error:
                fault = error
        raise fault

    return decoder


def _fields_of(kind: Any) -> Decoder:
    """What reads a table into a dataclass. Keys that it does not know are passed over."""
    hints = get_type_hints(kind)
    known = {each.name: _decoder_of(hints[each.name]) for each in fields(kind)}
    known |= {name: _amount_of(int, least=-MOST) for name in _SIGNED & known.keys()}
    required = {name for name, default in _defaults(kind) if default is MISSING}
    check = _typed(dict)

    def decoder(data: Any) -> Any:
        given = check(data)
        if absent := required - given.keys():
            raise ValueError(f'the key "{min(absent)}" is missing')
        read = {k: _placed(k, known[k], item) for k, item in given.items() if k in known}
        for name, said in check(given.get(SAID, {})).items():
            if name in read:
                read[name] = _placed(SAID, partial(_message, read[name]), said)
        return kind(**read)

    return decoder


def _message(text: Any, said: Any) -> Any:
    """The text, or each of a list of texts, with the id and the arguments beside it."""
    match text, said:
        case (_, None):
            return text
        case (str(), {"id": str(known), "arguments": {**arguments}}):
            return from_json({"text": text, "id": known, "arguments": arguments})
        case (tuple(), list()) if len(text) == len(said):
            return tuple(_message(one, told) for one, told in zip(text, said, strict=True))
        case _:
            raise ValueError(f"expected a message's id and arguments, found {_shown(said)}")


def _placed(key: str, decoder: Decoder, data: Any) -> Any:
    """What the decoder gives; what it raises is told with the key, outermost first."""
    try:
        return decoder(data)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _shown(data: object) -> str:
    """The beginning of a value, for a message: data may be as long as a file."""
    return repr(data)[:60]
