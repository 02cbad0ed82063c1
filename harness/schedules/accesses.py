"""Accesses of memory that nothing orders, and values that are not the newest. Pure.

As the record has them, and in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def read_race(words: Sequence[str]) -> Race:
    """The race in a record's entry; raises ValueError or IndexError for what is none."""
    return Race(earlier=_access(words[1:4]), later=_access(words[4:7]))


def _access(words: Sequence[str]) -> Access:
    """An access in a record's words; raises ValueError for a kind that there is not."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A value in an atomic location: who stored it where; by nobody, if it was there at start."""

    value: int
    thread: int | None = None
    place: str = ""
    addresses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """A load that read an older store than the newest, or a store that came in behind a newer one.

    At which step, of which thread, after which decision and how many pieces of output, and how many
    stores before the newest.
    ``is_load`` tells which; then ``own`` is the store that was read, ``newer`` the newest. Of a
    store ``own`` is that, ``newer`` the one that it comes right before. ``name`` is the location's,
    if the executable has one.
    """

    step: int
    thread: int
    decision: int
    back: int
    written: int
    is_load: bool
    own: Stored
    newer: Stored
    name: str = ""
    place: str = ""
    addresses: tuple[int, ...] = ()

    @property
    def told(self) -> Message:
        """``reads 0 from READY at …, stored at start, though thread 1 had stored 1 at …``."""
        at = say("at-place", place=self.place) if self.place else ""
        what = say("old.named", name=self.name) if self.name else say("old.unnamed")
        newer = _newer(self.newer)
        if not self.is_load:
            return say("old.stores", value=self.own.value, what=what, place=at, newer=newer)
        return say(
            "old.reads",
            value=self.own.value,
            what=what,
            place=at,
            origin=_origin(self.own),
            newer=newer,
        )


def _newer(stored: Stored) -> Message:
    if stored.thread is None:
        return say("old.newer-unseen", value=stored.value)
    place = say("at-place", place=stored.place) if stored.place else ""
    thread = thread_name(stored.thread)
    return say("old.newer", thread=thread, value=stored.value, place=place)


def _origin(stored: Stored) -> Message:
    if stored.thread is None:
        return say("old.at-start")
    place = say("at-place", place=stored.place) if stored.place else ""
    return say("old.by", thread=thread_name(stored.thread), place=place)


def read_old(words: Sequence[str], decision: int) -> Old:
    """The load or the store in a record's entry; raises ValueError for none.

    Behind the entry is how many pieces of output came before it.
    """
    _, step, thread, back, what, name, *stores, places, written = words
    if what not in ("read", "stored") or len(stores) != 6:
        raise ValueError(f"there is no {what}")
    return Old(
        step=int(step),
        thread=int(thread),
        decision=decision,
        back=int(back),
        written=int(written),
        is_load=what == "read",
        own=_stored(stores[:3]),
        newer=_stored(stores[3:]),
        name=object_name(name),
        addresses=read_addresses(places),
    )


def _stored(words: Sequence[str]) -> Stored:
    """A store in a record's words; a negative thread stands for code that nobody sees."""
    value, thread, places = words
    number = int(thread)
    return Stored(
        value=int(value), thread=number if number >= 0 else None, addresses=read_addresses(places)
    )


_HASHED = re.compile(r"\d*17h[0-9a-f]{16}E.*$")
_PARTS = re.compile(r"(\d+)")


def object_name(symbol: str) -> str:
    """What the program calls the object of that symbol: ``READY``; empty if it has no name.

    Both ways in which rustc has written names are understood. Parts of a name that are counted
    follow each other in both, and the last of them is its own.
    """
    text = _HASHED.sub("", symbol)
    last, at = "", 0
    while (found := _PARTS.search(text, at)) is not None:
        start, length = found.end(), int(found[1])
        start += text[start : start + 1] == "_"
        part = text[start : start + length]
        if len(part) == length and part.isidentifier():
            last, at = part, start + length
        else:
            at = found.end()
    return last
