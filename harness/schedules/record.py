"""The record that a controlled run leaves: who could go on, who did, who wrote what.

Both runtimes write the same text, a record a line; docs/schedules.md has the
format. Records of the first format are read too. Reading is pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple, cast, get_args

from harness.schedules.accesses import Old, Race, read_old, read_race
from harness.schedules.dependence import Touches, read_touch
from harness.values.messages import Message, say
from harness.values.run import TaskName

FORMATS = ("1", "2")

_KINDS_OF_THE_FIRST = frozenset({"d", "e", "f", "n", "o", "t", "thread", "uncontrolled", "w"})
_KINDS_OF_STEPS = frozenset({"g", "hidden", "touch"})
_KINDS_OF_THE_SECOND = frozenset(
    {"at", "c", "h", "k", "l", "note", "p", "r", "race", "s", "task", "x"}
)
_KINDS = _KINDS_OF_THE_FIRST | _KINDS_OF_STEPS | _KINDS_OF_THE_SECOND

MOST_BYTES = 128 << 20
"""More than a run of as many steps as are allowed can write."""

MOST_THREADS = 30_000
"""More than a program can have within its limits."""

MOST_STORES = 1_000
"""More than are kept of an atomic location."""

_GREATEST = 1 << 64
"""What no number of a runtime's comes to."""

RESTED = "rested"
"""The note of a runtime that left somebody out of a choice who spun or had gone on for long."""

RANDOM = "random"
"""The note of a runtime that gave the program random numbers."""

ALONE = "alone"
"""The note of a runtime that let nothing come for nothing, nor old, to a thread that was alone."""

UNFOLLOWED = "memory"
"""The note of a runtime that has given up following who has seen what of memory."""

TASK = "task"
"""The kind of a decision which of its tasks an event loop takes."""

EndKind = Literal["exit", "deadlock", "bound", "mismatch", "refused", "asleep"]


class Decision(NamedTuple):
    """One point at which more than one thread could go on.

    ``current`` is the thread that came to the point; ``forced`` says that it
    could not go on itself (or would not: it yielded).

    ``kind`` is what an event loop decides. ``task``: which of its tasks, of
    which ``current`` is the first in the queue. Else the numbers are those of
    what may happen, from 0 on: the order of its events (``event``), how many
    are late (``late``), which timer of several that are due at one time comes
    first (``tie``), and after which deadline a new one comes (``pace``) or up
    to which they are due (``turn``).
    """

    number: int
    current: int
    chosen: int
    runnable: tuple[int, ...]
    forced: bool
    kind: str = ""

    @property
    def is_switch(self) -> bool:
        """Whether another thread or task was put in the place of one that could have gone on."""
        return self.departs and self.kind in ("", TASK)

    @property
    def departs(self) -> bool:
        """Whether another was chosen though nothing forced it."""
        return not self.forced and self.chosen != self.current


class Written(NamedTuple):
    """A piece of output: which thread wrote it, how many bytes, after which decision."""

    thread: int
    size: int
    stream: Literal["stdout", "stderr"]
    decision: int


class Step(NamedTuple):
    """What a thread did from one choice to the next: at which decision it was chosen, out of whom.

    ``decision`` is ``None`` where nobody else could go on. A thread that was
    chosen and only found that it had to wait has done no step.
    """

    thread: int
    decision: int | None
    candidates: tuple[int, ...]
    touches: Touches = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What came though nothing made it come: at which step, whose, and after which decision.

    A timeout that fired early, a wait that woke for nothing, or a weak
    exchange that failed for nothing. Where the wait or the exchange is, is told
    as in ``Waiting``.
    """

    step: int
    thread: int
    decision: int
    place: str = ""
    addresses: tuple[int, ...] = ()


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

    @property
    def where(self) -> Message:
        """``Mutex::lock at src/main.rs:12``."""
        place = say("at-place", place=self.place) if self.place else ""
        return say("deadlock.where", what=self.kind, place=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A thread that was passed over: it was blocked where control does not look.

    ``call`` is the system call that it was in, empty for one that went on by
    itself. Where it stood is told as in ``Waiting``.
    """

    thread: int
    call: str = ""
    place: str = ""
    addresses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What might have come for nothing at a step, each by its thread; after which decision.

    ``old`` says beside the thread how many stores before the newest there were to read.
    """

    step: int
    decision: int
    early: tuple[int, ...] = ()
    spurious: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()
    old: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one controlled run did. ``events`` counts what each thread did, for weighing.

    ``tasks`` are those of event loops, in the order of their numbers: beside
    threads they decide, write, wait and hold. ``names`` are of both.

    ``fired`` are timeouts that came early, ``spurious`` waits that woke for
    nothing, ``weak`` exchanges that failed for nothing, ``old`` loads and stores that were not
    of the newest value. ``ended`` are the threads
    that had ended before. ``rings`` says, of a deadlock, who waits for what whom
    has; ``candidates`` are there if they were asked for and
    ``tells_candidates``: the first format cannot. ``places`` say, if they were asked for, of the
    first decisions where in the program's own code the thread stood. ``notes`` are single words of
    the runtime's. ``told`` are the steps, if they were asked for; then
    ``pending`` says which thread waited in vain for which lock, and ``hidden``
    what the program does of which no step tells. ``races`` are accesses that nothing
    orders, if they were looked for.
    """

    end: EndKind
    decisions: tuple[Decision, ...] = ()
    fired: tuple[Fired, ...] = ()
    spurious: tuple[Fired, ...] = ()
    weak: tuple[Fired, ...] = ()
    old: tuple[Old, ...] = ()
    candidates: tuple[Candidates, ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    written: tuple[Written, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    rings: tuple[tuple[int, int], ...] = ()
    races: tuple[Race, ...] = ()
    tasks: tuple[TaskName, ...] = ()
    loose: tuple[Loose, ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    ended: tuple[int, ...] = ()
    events: tuple[int, ...] = ()
    steps: int = 0
    virtual_ns: int = 0
    digest: str = ""
    uncontrolled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    told: tuple[Step, ...] = ()
    pending: tuple[tuple[int, str], ...] = ()
    hidden: tuple[str, ...] = ()
    tells_candidates: bool = True

    @property
    def left_behind(self) -> frozenset[int]:
        """The threads that might have gone on when the run ended, whoever ended it."""
        live = {0, *(thread for thread, _ in self.names)} - set(self.ended)
        if self.end == "deadlock":
            return frozenset(live - {each.thread for each in self.waiting})
        return frozenset(live if len(live) > 1 else ())

    @property
    def is_loose(self) -> bool:
        """Whether something in the run was beyond control, so that it need not come again."""
        return bool(self.loose or self.uncontrolled)


class RecordError(Exception):
    """A record that is cut off or not in the format.

    The runtime never came to its end, or the program has written to what is not its own.
    """


def read_record(text: str) -> Record:
    """The record in ``text``; raises RecordError for all that no runtime of ours writes."""
    try:
        record = _read(text)
    except (ValueError, IndexError) as error:
        raise RecordError(f"the record holds an entry that is none: {error}") from None
    _check(record)
    return record


def _read(text: str) -> Record:
    """Raises ValueError or IndexError for a word out of its place, else RecordError."""
    lines = [_entry(line) for line in text.split("\n") if line]
    if not lines or lines[0] not in [("schedule", number) for number in FORMATS]:
        raise RecordError("the controlled run left no record")
    if lines[-1][0] != "end":
        raise RecordError("the record of the controlled run is cut off")
    decisions, entries = _by_kind(lines[1:-1])
    kinds = _KINDS_OF_THE_FIRST if lines[0][1] == "1" else _KINDS
    if unknown := [kind for kind in entries if kind not in kinds]:
        raise RecordError(f'the record holds the unknown entry "{unknown[0]}"')
    return _with_end(
        lines[-1],
        decisions=tuple(decisions),
        events=_events(entries.get("n", ())),
        tasks=tuple([TaskName(*_name(*entry)) for entry in entries.get("task", ())]),
        names=tuple([_name(*entry) for kind in _NAMED for entry in entries.get(kind, ())]),
        tells_candidates=lines[0][1] != "1",
        **{
            part: tuple([read(*entry) for entry in entries[kind]])
            for kind, (part, read) in _READERS.items()
            if kind in entries
        },
    )


def _thread(word: str) -> int:
    """The number of a thread; raises ValueError for one that no program has."""
    number = int(word)
    if not 0 <= number < MOST_THREADS:
        raise ValueError(f"there is no thread {number}")
    return number


def _check(record: Record) -> None:
    """Raise RecordError for numbers that cannot be: others would count up to them.

    A program may write whatever it likes into its own record (it finds the file's place in /proc).
    So nothing is taken for granted that a loop, a table or an index here would go by.
    """
    decisions = record.decisions
    if [each.number for each in decisions] != list(range(len(decisions))):
        raise RecordError("the decisions of the record are not numbered in turn")
    if not {each.kind for each in decisions} <= _DECIDED:
        raise RecordError("the record holds a decision of a kind that there is not")
    told = {each.current for each in decisions}
    told.update(chain.from_iterable({each.runnable for each in decisions}))
    for kind in _TOLD:
        told.update([each.thread for each in getattr(record, kind)])
    told.update(each.thread for race in record.races for each in (race.earlier, race.later))
    told.update(chain.from_iterable(record.rings), record.ended, dict(record.names))
    if told and not 0 <= min(told) <= max(told) < MOST_THREADS + len(record.tasks):
        raise RecordError("the record tells of threads that there cannot be")
    amounts = (record.steps, record.virtual_ns, *record.events, *[w.size for w in record.written])
    if not 0 <= min(amounts) <= max(amounts) < _GREATEST:
        raise RecordError("the record holds amounts that there cannot be")


_DECIDED = {"", TASK, "event", "late", "tie", "pace", "turn"}
_TOLD = ("fired", "spurious", "weak", "old", "written", "waiting", "loose")
"""What a record tells of one thread each."""

_Words = tuple[str, ...]
_Entry = tuple[_Words, int]
"""The words of an entry, and the number of the decision before it."""


REMEMBERED = 4096
"""So many entries of each kind are remembered: those of other runs are much the same."""


@lru_cache(2 * REMEMBERED)
def _entry(line: str) -> _Words | Decision:
    """The words of an entry; most are decisions, of which that is kept which they say."""
    words = tuple(line.split(" "))
    return _decision(words) if words[0] == "d" else words


def _by_kind(
    lines: Iterable[_Words | Decision],
) -> tuple[list[Decision], Mapping[str, list[_Entry]]]:
    """The decisions, and the other entries by their kinds, all output being one, in one pass.

    This is done for each run. What a thread writes while it runs a task's step is that task's. To
    what is not the newest value is added how much had been written by then.
    """
    decisions: list[Decision] = []
    found: defaultdict[str, list[_Entry]] = defaultdict(list)
    what = ""
    turns: dict[str, str] = {}
    for words in lines:
        if isinstance(words, Decision):
            decisions.append(words._replace(kind=what) if what else words)
            what = ""
            continue
        # ``k`` tells the kind of the decision after it, ``s`` whose step a thread's loop runs from
        # here on, ``r`` a value that is not the newest.
        kind = words[0]
        if kind == "k":
            what = words[1]
        elif kind == "s":
            turns[words[1]] = words[2]
        elif kind == "r":
            words = (*words, str(len(found["o"])))  # noqa: PLW2901
        elif turns and kind in ("o", "e"):
            words = (kind, turns.get(words[1], words[1]), *words[2:])  # noqa: PLW2901
        found["o" if kind == "e" else kind].append((words, len(decisions) - 1))
    return decisions, found


def _events(entries: Iterable[_Entry]) -> tuple[int, ...]:
    events = {_thread(words[1]): int(words[2]) for words, _ in entries}
    return tuple([events.get(i, 0) for i in range(max(events, default=-1) + 1)])


@lru_cache(REMEMBERED)
def _fired(words: _Words, decision: int) -> Fired:
    """From ``t``, ``p`` or ``x`` with step, thread, and where it stood."""
    _, step, thread, *rest = words
    place, addresses = _standing(rest)
    return Fired(
        step=int(step), thread=int(thread), decision=decision, place=place, addresses=addresses
    )


@lru_cache(REMEMBERED)
def _candidates(words: _Words, decision: int) -> Candidates:
    """What might have come early, for nothing or old at a step, by the letter of each kind."""
    _, step, *items = words
    return Candidates(
        step=int(step),
        decision=decision,
        early=_threads_of("e", items),
        spurious=_threads_of("p", items),
        weak=_threads_of("x", items),
        old=tuple(_old_candidates(items)),
    )


def _old_candidates(items: Iterable[str]) -> Iterator[tuple[int, int]]:
    """From ``o2:3``: thread 2 could read any of the three stores before the newest."""
    for item in items:
        if item.startswith("o"):
            thread, most = item[1:].split(":")
            if not 0 < int(most) < MOST_STORES:
                raise ValueError(f"there are no {most} stores")
            yield int(thread), int(most)


def _threads_of(letter: str, items: Iterable[str]) -> tuple[int, ...]:
    """The threads of the items of one kind: 4 of ``e4``."""
    return tuple(int(item[1:]) for item in items if item.startswith(letter))


def _text(words: _Words, _decision: int) -> str:
    """What stands behind the kind in an entry that holds a text."""
    return " ".join(words[1:])


def _name(words: _Words, _decision: int) -> tuple[int, str]:
    """The number and the name of a thread or task; the word between is its creator's."""
    return int(words[1]), " ".join(words[3:])


def _decision(words: _Words) -> Decision:
    """From ``d NUMBER CURRENT CHOSEN RUNNABLE FLAG``."""
    _, number, current, chosen, runnable, flag = words
    threads = tuple(map(int, runnable.split(",")))
    if int(chosen) not in threads:
        raise RecordError("the record chooses a thread that cannot go on")
    return Decision(int(number), int(current), int(chosen), threads, flag != "-")


@lru_cache(REMEMBERED)
def _step(words: _Words, _decision: int) -> Step:
    """From ``touch THREAD DECISION CANDIDATES TOUCH…``; without a choice the decision is ``-``."""
    _, thread, decision, candidates, *touches = words
    return Step(
        thread=int(thread),
        decision=None if decision == "-" else int(decision),
        candidates=tuple(map(int, candidates.split(","))),
        touches=tuple(map(read_touch, touches)),
    )


@lru_cache(REMEMBERED)
def _written(words: _Words, decision: int) -> Written:
    """From ``o THREAD SIZE`` or ``e THREAD SIZE``."""
    kind, thread, size, *_ = words
    return Written(int(thread), int(size), "stdout" if kind == "o" else "stderr", decision)


def _waiting(words: _Words, _decision: int) -> Waiting:
    """From ``w THREAD KIND PLACE``."""
    _, thread, kind, *rest = words
    place, addresses = _standing(rest)
    return Waiting(thread=int(thread), kind=kind, place=place, addresses=addresses)


def _loose(words: _Words, _decision: int) -> Loose:
    """From ``l THREAD CALL PLACE``."""
    _, thread, call, *rest = words
    place, addresses = _standing(rest)
    return Loose(thread=int(thread), call=call.strip("-"), place=place, addresses=addresses)


def _ring(words: _Words, _decision: int) -> tuple[int, int]:
    return int(words[1]), int(words[2])


def _place(words: _Words, _decision: int) -> tuple[int, str]:
    """From ``at DECISION PLACE``."""
    return int(words[1]), " ".join(words[2:])


def _pending(words: _Words, _decision: int) -> tuple[int, str]:
    return int(words[1]), words[2]


def _ended(words: _Words, _decision: int) -> int:
    return int(words[1])


def _race(words: _Words, _decision: int) -> Race:
    return read_race(words)


_NAMED = ("thread", "task")
_READERS: Mapping[str, tuple[str, Callable[[_Words, int], object]]] = {
    "t": ("fired", _fired),
    "p": ("spurious", _fired),
    "x": ("weak", _fired),
    "r": ("old", read_old),
    "c": ("candidates", _candidates),
    "at": ("places", _place),
    "o": ("written", _written),
    "w": ("waiting", _waiting),
    "h": ("rings", _ring),
    "race": ("races", _race),
    "l": ("loose", _loose),
    "f": ("ended", _ended),
    "uncontrolled": ("uncontrolled", _text),
    "note": ("notes", _text),
    "touch": ("told", _step),
    "g": ("pending", _pending),
    "hidden": ("hidden", _text),
}
"""By the kind of an entry: the part of the record that it is an item of, and what reads it."""


def _standing(words: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Where a thread stands: its place, or the addresses by which that can be looked up."""
    place = " ".join(words).strip("-")
    if not place.startswith("+0x"):
        return place, ()
    return "", tuple(int(word.removeprefix("+"), 16) for word in place.split(","))


_ENDS = frozenset(get_args(EndKind))


def _with_end(words: Sequence[str], **parts: object) -> Record:
    """The record with these parts, and what its last line says: ``end KIND NAME=VALUE…``."""
    _, end, *pairs = words
    if end not in _ENDS:
        raise RecordError(f'the record ends in the unknown way "{end}"')
    values = dict(pair.partition("=")[::2] for pair in pairs)
    return Record(
        end=cast("EndKind", end),
        steps=int(values.get("steps", 0)),
        virtual_ns=int(values.get("virtual_ns", 0)),
        digest=values.get("hash", ""),
        **parts,  # type: ignore[arg-type]
    )
