"""The record that a controlled run leaves: who could go on, who did, who wrote what.

Both runtimes write the same text, a record a line; docs/schedules.md has the
format. Reading it is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

FORMAT = "1"

_KINDS = frozenset({"d", "e", "f", "n", "o", "t", "thread", "uncontrolled", "w"})

EndKind = Literal["exit", "deadlock", "bound", "mismatch", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One point at which more than one thread could go on.

    ``current`` is the thread that came to the point; ``forced`` says that it
    could not go on itself (or would not: it yielded).
    """

    number: int
    current: int
    chosen: int
    runnable: tuple[int, ...]
    forced: bool

    @property
    def is_switch(self) -> bool:
        """Whether another thread was put in the place of one that could have gone on."""
        return not self.forced and self.chosen != self.current


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A piece of output: which thread wrote it, how many bytes, after which decision."""

    thread: int
    size: int
    stream: Literal["stdout", "stderr"]
    decision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A timeout that fired early: at which step, whose, and after which decision."""

    step: int
    thread: int
    decision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """At a deadlock: what a thread waits for, and where (empty: not known).

    ``addresses`` are where it stands in its executable, innermost first, for
    whoever can look up the place.
    """

    thread: int
    kind: str
    place: str = ""
    addresses: tuple[int, ...] = ()

    def __str__(self) -> str:
        """``thread 1 waits for a lock at main.py:12``."""
        where = f" at {self.place}" if self.place else ""
        name = "main" if self.thread == 0 else f"thread {self.thread}"
        return f"{name} waits: {self.kind}{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one controlled run did. ``events`` counts what each thread did, for weighing."""

    end: EndKind
    decisions: tuple[Decision, ...] = ()
    fired: tuple[Fired, ...] = ()
    written: tuple[Written, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    events: tuple[int, ...] = ()
    steps: int = 0
    virtual_ns: int = 0
    digest: str = ""
    uncontrolled: tuple[str, ...] = ()


class RecordError(Exception):
    """A record that is cut off or not in the format: the runtime never came to its end."""


def read_record(text: str) -> Record:
    """The record in ``text``; raises RecordError if it is not whole."""
    lines = [line.split(" ") for line in text.split("\n") if line]
    if not lines or lines[0] != ["schedule", FORMAT]:
        raise RecordError("the controlled run left no record")
    if lines[-1][0] != "end":
        raise RecordError("the record of the controlled run is cut off")
    entries = [(kind, words) for kind, *words in lines[1:-1]]
    if unknown := [kind for kind, _ in entries if kind not in _KINDS]:
        raise RecordError(f'the record holds the unknown entry "{unknown[0]}"')
    events = {int(words[0]): int(words[1]) for kind, words in entries if kind == "n"}
    return _with_end(
        lines[-1],
        decisions=tuple(_decision(words) for kind, words in entries if kind == "d"),
        fired=tuple(_all_fired(entries)),
        written=tuple(_all_written(entries)),
        waiting=tuple(_waiting(words) for kind, words in entries if kind == "w"),
        names=tuple((int(w[0]), " ".join(w[2:])) for kind, w in entries if kind == "thread"),
        events=tuple(events.get(i, 0) for i in range(max(events, default=-1) + 1)),
        uncontrolled=tuple(" ".join(words) for kind, words in entries if kind == "uncontrolled"),
    )


def _all_written(entries: Iterable[tuple[str, list[str]]]) -> Iterator[Written]:
    """Each piece of output, with the number of the decision before it."""
    decision = -1
    for kind, words in entries:
        if kind == "d":
            decision += 1
        elif kind in ("o", "e"):
            yield _written(kind, words, decision)


def _all_fired(entries: Iterable[tuple[str, list[str]]]) -> Iterator[Fired]:
    """Each timeout that fired early, with the number of the decision before it."""
    decision = -1
    for kind, words in entries:
        if kind == "d":
            decision += 1
        elif kind == "t":
            yield Fired(step=int(words[0]), thread=int(words[1]), decision=decision)


def _decision(words: list[str]) -> Decision:
    number, current, chosen, runnable, flag = words
    return Decision(
        number=int(number),
        current=int(current),
        chosen=int(chosen),
        runnable=tuple(map(int, runnable.split(","))),
        forced=flag != "-",
    )


def _written(kind: str, words: list[str], decision: int) -> Written:
    stream: Literal["stdout", "stderr"] = "stdout" if kind == "o" else "stderr"
    return Written(thread=int(words[0]), size=int(words[1]), stream=stream, decision=decision)


def _waiting(words: list[str]) -> Waiting:
    thread, kind, *rest = words
    place = " ".join(rest).strip("-")
    if not place.startswith("+0x"):
        return Waiting(thread=int(thread), kind=kind, place=place)
    addresses = tuple(int(word.removeprefix("+"), 16) for word in place.split(","))
    return Waiting(thread=int(thread), kind=kind, addresses=addresses)


def _with_end(words: list[str], **parts: object) -> Record:
    _, end, *pairs = words
    if end not in get_args(EndKind):
        raise RecordError(f'the record ends in the unknown way "{end}"')
    values = dict(pair.partition("=")[::2] for pair in pairs)
    return Record(
        end=cast("EndKind", end),
        steps=int(values.get("steps", 0)),
        virtual_ns=int(values.get("virtual_ns", 0)),
        digest=values.get("hash", ""),
        **parts,  # type: ignore[arg-type]
    )
