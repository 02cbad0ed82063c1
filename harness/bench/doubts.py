"""Why what a controlled run shows may not be the program's doing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from harness.language.properties.ending import ending_text
from harness.schedules.record import ALONE, RANDOM, RESTED, UNFOLLOWED, Record
from harness.values.messages import Message, say
from harness.values.run import Ending, PassedOver, Run, TimedOut

MAX_TOLD = 5
"""Threads passed over that one run's doubts name."""

MAX_CHARACTERS = 80
"""Of a line that is quoted."""


def passed_over(record: Record, program: str) -> tuple[PassedOver, ...]:
    """The threads that the run went on without, each place of each once."""
    every = (
        PassedOver(thread=each.thread, call=each.call, place=each.place, program=program)
        for each in record.loose
    )
    return tuple(dict.fromkeys(every))


def doubts_of(record: Record) -> tuple[str, ...]:
    """What of the run was beyond control; empty if nothing was."""
    told = [say("doubt.loose", how=each.told) for each in passed_over(record, "")]
    more = [say("doubt.times-more", n=len(told) - MAX_TOLD)] if len(told) > MAX_TOLD else []
    return (*told[:MAX_TOLD], *more, *map(_left, dict.fromkeys(record.uncontrolled)))


def doubts_without_record(ending: Ending | None, log: str) -> tuple[str, ...]:
    """The doubts in a run that left no whole record; empty if it should have left one.

    ``ending`` is ``None`` for a run that was stopped as it was meant to be.
    """
    said = [line.partition(" ")[2] for line in log.splitlines() if line.startswith("uncontrolled ")]
    if said:
        return tuple(map(_left, dict.fromkeys(said)))
    if isinstance(ending, TimedOut):
        return (say("doubt.cut-off", seconds=ending.seconds),)
    return ()


def _left(reason: str) -> Message:
    return say("doubt.left-control", reason=reason)


_UNEXPLORED = {
    "asyncio": "unexplored.asyncio",
    "other-loop": "unexplored.other-loop",
    "task-sets": "unexplored.task-sets",
}
"""What is said of a note of the runtime."""


def unexplored(record: Record | None) -> Iterator[str]:
    """What of the program was not explored, as the runtime has noted it."""
    for word in dict.fromkeys(record.notes if record else ()):
        if word in (ALONE, RANDOM, RESTED):
            continue  # of interest to a search for all schedules alone
        if word == UNFOLLOWED:
            yield say("note.memory-lost")
            continue
        known = word in _UNEXPLORED
        what = say(_UNEXPLORED[word]) if known else say("unexplored.other", what=word)
        yield say("note.unexplored", what=what)


def difference(first: tuple[Run, Record], again: tuple[Run, Record | None] | None) -> str:
    """In what a run was another when it was made again; empty if it was the same.

    ``again`` is ``None`` where the schedule no longer fitted the program.
    """
    what = say("difference.misfit") if again is None else _what(first, again)
    return what and say("difference", schedule=first[0].schedule, what=what)


def _what(first: tuple[Run, Record], again: tuple[Run, Record | None]) -> str:
    """In what two runs of one schedule differ; empty if in nothing."""
    (one, record), (other, other_record) = first, again
    if other_record is None:
        return say("difference.cut-off")
    if record == other_record and one.stdout == other.stdout:
        return ""
    return next(_differences(one, record, other, other_record))


def _differences(one: Run, record: Record, other: Run, other_record: Record) -> Iterator[str]:
    """What differs, that first which a reader sees.

    Lines, the ending, choices, and what is not printed.
    """
    lines = zip_longest(one.stdout.splitlines(), other.stdout.splitlines())
    for number, (left, right) in enumerate(lines, 1):
        if left != right:
            yield say("difference.line", n=number, first=_quoted(left), then=_quoted(right))
    if (endings := [ending_text(run.ending) for run in (one, other)]) and endings[0] != endings[1]:
        yield say("difference.ending", first=endings[0], then=endings[1])
    for left_turn, right_turn in zip(record.decisions, other_record.decisions, strict=False):
        if left_turn != right_turn:
            yield say("difference.decision", n=left_turn.number)
    yield say("difference.unprinted")


def _quoted(line: bytes | None) -> str:
    if line is None:
        return say("difference.no-line")
    return f'"{line.decode("utf-8", "replace")[:MAX_CHARACTERS]}"'
