"""How endings and recordings are written down, and read again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from harness.record import checks
from harness.record.records import MAX_RECORDING_BYTES, KeptRun
from harness.values.messages import from_json, to_json
from harness.values.run import (
    Deadlocked,
    Ending,
    Exited,
    NotStarted,
    OverLimit,
    Signalled,
    TimedOut,
    over_step_limit,
)

_ENDINGS: dict[str, Callable[..., Ending]] = {
    kind.__name__: kind for kind in (Exited, Signalled, TimedOut, Deadlocked, OverLimit, NotStarted)
}
_BYTES = ("stdout", "stderr")
_REST = tuple(field.name for field in fields(KeptRun) if field.name not in _BYTES)
_HEAD: dict[str, Callable[[object], object]] = {
    "cpu_seconds": checks.seconds,
    "stray_processes": checks.count,
    "log": checks.text,
    "implementation": checks.text,
    "cores": checks.count,
    "os": checks.text,
}
"""What the head of a recording may hold, beside what is made of it."""

_MAX_HEAD_BYTES = 8 * MAX_RECORDING_BYTES


def encode_ending(ending: Ending) -> str:
    """``["Exited", 0]``: the kind of the ending and what it holds, as JSON.

    A message is kept with its id; before that was so, with its text alone.
    """
    held = (to_json(getattr(ending, field.name)) for field in fields(ending))
    return json.dumps([type(ending).__name__, *held])


def decode_ending(text: str) -> Ending:
    """What ``encode_ending`` was given; raises ValueError for any other text."""
    match json.loads(text):
        case ["OverLimit", str(limit)]:
            return _over_limit_of_old(limit)
        case [str(name), *values] if name in _ENDINGS:
            held = (None if value is None else from_json(value) for value in values)
            try:
                return _checked(_ENDINGS[name](*held))
            except TypeError as error:
                raise ValueError(f"no ending: {text}") from error
        case _:
            raise ValueError(f"no ending: {text}")


def _checked(ending: Ending) -> Ending:
    """Raise TypeError for one that holds something of another kind."""
    match ending:
        case Exited(int()) | Signalled(str()) | NotStarted(str()):
            return ending
        case TimedOut(int() | float(), None | bool()) | OverLimit(str(), bool()):
            return ending
        case Deadlocked(tuple(waiting), bool()) if all(isinstance(w, str) for w in waiting):
            return ending
        case _:
            raise TypeError


def _over_limit_of_old(limit: str) -> OverLimit:
    """What was kept when an ending said by its text alone which limit it was."""
    of_steps = over_step_limit()
    return of_steps if limit == of_steps.limit else OverLimit(limit)


def encode_recording(recording: KeptRun) -> bytes:
    """One compressed block: a line of JSON, then stdout and stderr as they were."""
    head: dict[str, Any] = {name: getattr(recording, name) for name in _REST}
    head["stdout"] = len(recording.stdout)
    line = json.dumps(head, separators=(",", ":")).encode()
    return zlib.compress(line + b"\n" + recording.stdout + recording.stderr)


def decode_recording(block: bytes) -> KeptRun:
    """What ``encode_recording`` was given; raises ValueError for any other block.

    A block that would unfold to more than a recording may hold is refused: it
    may come from elsewhere.
    """
    inflater = zlib.decompressobj()
    try:
        # With a limit on what comes out: some hundred bytes may unfold to gigabytes.
        data = inflater.decompress(block, MAX_RECORDING_BYTES + _MAX_HEAD_BYTES)
        if not inflater.eof:
            raise ValueError("a recording that is too large, or cut short")
        line, _, output = data.partition(b"\n")
        head = json.loads(line)
        size = checks.count(head.pop("stdout"))
        head["arrivals"] = tuple(
            (checks.count(at), checks.seconds(when)) for at, when in head["arrivals"]
        )
        for name in ("doubts", "races"):
            head[name] = tuple(map(checks.text, head.get(name, ())))
        for name in head.keys() & _HEAD.keys():
            _HEAD[name](head[name])
        return KeptRun(stdout=output[:size], stderr=output[size:], **head)
    except (zlib.error, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no recording: {error}") from error
