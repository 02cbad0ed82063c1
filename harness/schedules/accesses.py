"""Accesses of memory that nothing orders, as the record has them, and in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.values.messages import Message, say
from harness.values.run import thread_name

_WORDS = {
    "read": "race.reads",
    "write": "race.writes",
    "atomic-read": "race.reads-atomically",
    "atomic-write": "race.writes-atomically",
}
"""What a thread does to memory, by the record's word for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a thread does to memory, and where.

    ``addresses`` are where it stands in its executable, innermost first, for whoever can look up
    the ``place``; ``within`` is what it has called there, if it is a library's function.
    """

    thread: int
    kind: str
    place: str = ""
    within: str = ""
    addresses: tuple[int, ...] = ()

    @property
    def done(self) -> Message:
        """``writes at src/main.rs:12``, ``reads in Vec::push at src/main.rs:12``."""
        within = say("race.within", function=self.within) if self.within else ""
        place = say("at-place", place=self.place) if self.place else ""
        return say(_WORDS[self.kind], within=within, place=place)

    @property
    def told(self) -> Message:
        """``thread 1 writes at src/main.rs:12``."""
        return say("race.does", thread=thread_name(self.thread), done=self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Two accesses of the same memory, one of them a write, that nothing orders.

    ``earlier`` is the one that came first in the run.
    """

    earlier: Access
    later: Access

    @property
    def told(self) -> Message:
        """Both, each with its thread and place."""
        return say("race.both", earlier=self.earlier.told, later=self.later.told)


def read_race(words: list[str]) -> Race:
    """The race in a record's entry; raises ValueError or IndexError for what is none."""
    return Race(earlier=_access(words[1:4]), later=_access(words[4:7]))


def _access(words: list[str]) -> Access:
    thread, kind, places = words
    if kind not in _WORDS:
        raise ValueError(f"there is no access of the kind {kind}")
    return Access(thread=int(thread), kind=kind, addresses=read_addresses(places))


def read_addresses(text: str) -> tuple[int, ...]:
    """The addresses in ``+0x5d385,+0x5c1f0``; none in ``-``."""
    words = text.strip("-").split(",") if text != "-" else ()
    return tuple(int(word.removeprefix("+"), 16) for word in words)


def race_lines(races: Iterable[Race]) -> tuple[Message, ...]:
    """A line for each race, each once."""
    return tuple(dict.fromkeys(race.told for race in races))
