"""What a field of the record may hold, wherever it comes from: an export, or a file on a disk.

Each function gives back what it was given, and raises ValueError for anything else.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


def text(value: object) -> str:
    """A text that can be written to any file."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no text")  # noqa: TRY004 - a fault of the file
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{shown(value)} is no text") from None
    return value


def count(value: object) -> int:
    """A number of things."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise ValueError(f"{shown(value)} is no count")
    return value


def seconds(value: object) -> float:
    """A time that something took."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise ValueError(f"{shown(value)} is no number of seconds")
    return float(value)


def when(value: object) -> str:
    """A moment, with its zone."""
    if datetime.fromisoformat(text(value)).tzinfo is None:
        raise ValueError(f"{shown(value)} is no time with its zone")
    return text(value)


def signature(value: object) -> bytes:
    """What stands for an interleaving, or for none."""
    if not isinstance(value, bytes) or len(value) not in (0, 8):
        raise ValueError(f"{shown(value)} is no signature")
    return value


def block(value: object) -> bytes:
    """Bytes of any length."""
    if not isinstance(value, bytes):
        raise ValueError(f"{shown(value)} is no block of bytes")  # noqa: TRY004 - as above
    return value


def texts(value: object) -> tuple[str, ...]:
    """A list of texts, in JSON."""
    found = json.loads(text(value))
    if not isinstance(found, list):
        raise ValueError(f"{shown(value)} is no list")  # noqa: TRY004 - as above
    return tuple(map(text, found))


def named_texts(value: object) -> dict[str, str]:
    """Texts by name, in JSON."""
    found = json.loads(text(value))
    if not isinstance(found, dict):
        raise ValueError(f"{shown(value)} is no table")  # noqa: TRY004 - as above
    return {text(name): text(each) for name, each in found.items()}


def shown(value: Any) -> str:
    """The beginning of a value, for a reader."""
    return repr(value)[:60]
