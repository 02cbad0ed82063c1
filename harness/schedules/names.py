"""Schedules as values with a name that one can type: ``random:17``, ``pct2:5/early``, ``plain``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from harness.values.errors import UsageError
from harness.values.words import nearest


class Strategy(Enum):
    """How it is decided which thread goes on.

    ``PLAIN`` leaves it to the system, ``ONE_CORE`` too, on one core, and
    ``YIELD`` too, but has threads give way at random. The others are
    controlled: one thread at a time goes on, and time is virtual.
    ``RANDOM`` chooses anew at each point, ``STICKY`` mostly stays, ``PCT``
    runs by random priorities that change a few times (Burckhardt et al.,
    2010), ``WEIGHTED`` chooses by what each thread has left to do, and
    ``SWITCH`` stays but at the listed decisions, and ``PROBE`` and ``PLACE`` are
    one of these by its number: which one, the program's own first runs decide.
    """

    PLAIN = "plain"
    ONE_CORE = "one-core"
    YIELD = "yield"
    RANDOM = "random"
    STICKY = "sticky"
    PCT = "pct"
    WEIGHTED = "weighted"
    SWITCH = "switch"
    PROBE = "probe"
    PLACE = "place"

    @property
    def is_controlled(self) -> bool:
        """Whether the scheduler decides, and a run can be made again exactly."""
        return self not in (Strategy.PLAIN, Strategy.ONE_CORE, Strategy.YIELD)

    @property
    def is_natural(self) -> bool:
        """Whether nobody steers: the system alone decides, be it on one core."""
        return self in (Strategy.PLAIN, Strategy.ONE_CORE)

    @property
    def is_numbered(self) -> bool:
        """Whether a name stands for another schedule, which the program's first runs decide."""
        return self in (Strategy.PROBE, Strategy.PLACE)


NATURAL = frozenset(strategy.value for strategy in Strategy if strategy.is_natural)
"""The names under which the record counts runs that nobody steered."""

_SEEDED = re.compile(
    r"(?P<word>random|sticky|probe|place|pct(?P<depth>[1-9]\d?)|weighted|yield):(?P<seed>\d{1,9})\Z",
    re.ASCII,
)
_ITEM = r"(?:\d+>\d+|early@\d+|early@\*|whole@\*|spurious@\d+>\d+|weak@\d+|old@\d+>\d+)"
_SWITCHES = re.compile(rf"switch:(?P<list>(?:{_ITEM}(?:,{_ITEM})*)?)\Z", re.ASCII)
_EARLY_ITEM = "early@"
_EVERY_SLEEP = f"{_EARLY_ITEM}*"
_EVERY_CALL = "whole@*"
_SPURIOUS_ITEM = "spurious@"
_WEAK_ITEM = "weak@"
_OLD_ITEM = "old@"
_EARLY = "/early"
_SPURIOUS = "/spurious"
_OLD = "/old"


_UNMARKED = frozenset({Strategy.YIELD, Strategy.PROBE, Strategy.PLACE})
"""Seeded strategies that take no suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule. ``switches`` are pairs (decision number, thread number).

    ``early`` lets a timeout fire at any time, and not only when nobody else
    can go on; ``spurious`` lets a wait on a condition wake, and a weak exchange
    fail, for nothing, as their contracts allow. A ``switch:`` schedule lists the
    steps at which that is so: those of early timeouts and weak exchanges, and
    pairs (step, thread) of waits that wake. ``old`` lets atomics give older values,
    where the memory model does; in a list, pairs (step, how many stores before the newest).
    With ``sleepless`` every sleep ends at once, as if its timeout came early, and with
    ``whole_calls`` each call of a channel of a Rust program goes on to its end.
    """

    strategy: Strategy
    seed: int = 0
    depth: int = 0
    early: bool = False
    spurious: bool = False
    old: bool = False
    switches: tuple[tuple[int, int], ...] = ()
    early_steps: tuple[int, ...] = ()
    sleepless: bool = False
    whole_calls: bool = False
    spurious_wakes: tuple[tuple[int, int], ...] = ()
    weak_steps: tuple[int, ...] = ()
    old_reads: tuple[tuple[int, int], ...] = ()
    instead: Schedule | None = field(default=None, compare=False)
    """What a plan has in the place of this one, if the program has no such; no part of the name."""

    @property
    def is_controlled(self) -> bool:
        """Whether the scheduler decides, and a run can be made again exactly."""
        return self.strategy.is_controlled

    @property
    def is_seeded(self) -> bool:
        """Whether more than the system takes part in the choice: the program is prepared for it."""
        return self.is_controlled or self.strategy is Strategy.YIELD

    @property
    def is_natural(self) -> bool:
        """Whether nobody steers: the system alone decides, be it on one core."""
        return self.strategy.is_natural

    def __str__(self) -> str:
        """The name, as it is typed."""
        given = ((_EARLY, self.early), (_SPURIOUS, self.spurious), (_OLD, self.old))
        suffixes = "".join(suffix for suffix, is_given in given if is_given)
        match self.strategy:
            case Strategy.PLAIN | Strategy.ONE_CORE:
                return str(self.strategy.value)
            case Strategy.SWITCH:
                return f"switch:{','.join(self._items())}"
            case Strategy.PCT:
                return f"pct{self.depth}:{self.seed}{suffixes}"
            case _:
                return f"{self.strategy.value}:{self.seed}{suffixes}"

    def _items(self) -> Iterator[str]:
        """The list of a ``switch:`` schedule, kind by kind."""
        yield from (f"{decision}>{thread}" for decision, thread in self.switches)
        yield from (f"{_EARLY_ITEM}{step}" for step in self.early_steps)
        yield from (_EVERY_SLEEP,) * self.sleepless
        yield from (_EVERY_CALL,) * self.whole_calls
        yield from (f"{_SPURIOUS_ITEM}{step}>{thread}" for step, thread in self.spurious_wakes)
        yield from (f"{_WEAK_ITEM}{step}" for step in self.weak_steps)
        yield from (f"{_OLD_ITEM}{step}>{back}" for step, back in self.old_reads)


MOST_CHARACTERS = 100_000
"""Of a name: it has to reach the program."""

_MOST_DIGITS = 18
_NUMBERS = re.compile("[0-9]+")

PLAIN = Schedule(strategy=Strategy.PLAIN)
ONE_CORE = Schedule(strategy=Strategy.ONE_CORE)
STAY = Schedule(strategy=Strategy.SWITCH)
"""The controlled schedule that switches only where it must: the one that others are measured by."""


def parse_schedule(name: str) -> Schedule:
    """The schedule of that name; raises UsageError with the forms there are."""
    if len(name) > MOST_CHARACTERS:
        raise UsageError(f"a schedule has at most {MOST_CHARACTERS} characters, not {len(name)}")
    if any(len(number) > _MOST_DIGITS for number in _NUMBERS.findall(name)):
        raise _unknown(name)
    newest = name.removesuffix(_OLD)
    unmarked = newest.removesuffix(_SPURIOUS)
    bare = unmarked.removesuffix(_EARLY)
    if bare in (Strategy.PLAIN.value, Strategy.ONE_CORE.value) and bare == name:
        return Schedule(strategy=Strategy(bare))
    if found := _SEEDED.match(bare):
        return _seeded(
            name, found, early=bare != unmarked, spurious=unmarked != newest, old=newest != name
        )
    if (found := _SWITCHES.match(bare)) and bare == name:
        return _listed(found["list"])
    raise _unknown(name)


def _listed(text: str) -> Schedule:
    """The schedule of what stands behind ``switch:``, in the form of ``_SWITCHES``."""
    items = [item for item in text.split(",") if item]
    return Schedule(
        strategy=Strategy.SWITCH,
        switches=tuple(_pair(item) for item in items if "@" not in item),
        early_steps=tuple(int(rest) for rest in _rests(items, _EARLY_ITEM) if rest != "*"),
        sleepless=_EVERY_SLEEP in items,
        whole_calls=_EVERY_CALL in items,
        spurious_wakes=tuple(_pair(rest) for rest in _rests(items, _SPURIOUS_ITEM)),
        weak_steps=tuple(int(rest) for rest in _rests(items, _WEAK_ITEM)),
        old_reads=tuple(_pair(rest) for rest in _rests(items, _OLD_ITEM)),
    )


def _rests(items: Iterable[str], start: str) -> Iterator[str]:
    """What follows ``start`` in the items that begin with it."""
    return (item.removeprefix(start) for item in items if item.startswith(start))


def _pair(item: str) -> tuple[int, int]:
    """The numbers of ``5>1``."""
    number, _, thread = item.partition(">")
    return int(number), int(thread)


def _seeded(name: str, found: re.Match[str], *, early: bool, spurious: bool, old: bool) -> Schedule:
    """A schedule with a seed; raises UsageError for suffixes that its strategy does not take."""
    strategy = Strategy.PCT if found["depth"] else Strategy(found["word"])
    if (early or spurious or old) and strategy in _UNMARKED:
        raise _unknown(name)
    return Schedule(
        strategy=strategy,
        seed=int(found["seed"]),
        depth=int(found["depth"] or 0),
        early=early,
        spurious=spurious,
        old=old,
    )


def _meant(name: str) -> str:
    """`` (did you mean "random:0"?)``: a whole name, with the number that was given, if any."""
    word, _, rest = name.partition(":")
    number = rest if rest.isdecimal() else "0"
    wholes = {strategy.value: f"{strategy.value}:{number}" for strategy in Strategy}
    wholes |= {each.value: each.value for each in (Strategy.PLAIN, Strategy.ONE_CORE)}
    wholes[Strategy.PCT.value] = f"pct2:{number}"
    wholes[Strategy.SWITCH.value] = "switch:5>1"
    hint = nearest(word, wholes)
    for each, whole in wholes.items():
        hint = hint.replace(f'"{each}"', f'"{whole}"')
    return "" if f'"{name}"' in hint else hint


def _unknown(name: str) -> UsageError:
    """The error that says which schedules there are, and which one may have been meant."""
    return UsageError(
        f'no schedule is called "{name}"{_meant(name)}; there are plain, one-core, yield:SEED, '
        "random:SEED, sticky:SEED, pctDEPTH:SEED, weighted:SEED (these four also with /early, "
        "/spurious, /old, in this order), probe:NUMBER, place:NUMBER, and "
        "switch:DECISION>THREAD,… (early@STEP, spurious@STEP>THREAD, weak@STEP and old@STEP>BACK "
        "among them)"
    )
