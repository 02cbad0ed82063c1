"""Schedules as values with a name that one can type: ``random:17``, ``pct2:5/early``, ``plain``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from harness.errors import UsageError
from harness.tables import nearest


class Strategy(Enum):
    """How it is decided which thread goes on.

    ``PLAIN`` leaves it to the system, ``ONE_CORE`` too, on one core, and
    ``YIELD`` too, but has threads give way at random. The others are
    controlled: one thread at a time goes on, and time is virtual.
    ``RANDOM`` chooses anew at each point, ``STICKY`` mostly stays, ``PCT``
    runs by random priorities that change a few times (Burckhardt et al.,
    2010), ``WEIGHTED`` chooses by what each thread has left to do, and
    ``SWITCH`` stays but at the listed decisions.
    """

    PLAIN = "plain"
    ONE_CORE = "one-core"
    YIELD = "yield"
    RANDOM = "random"
    STICKY = "sticky"
    PCT = "pct"
    WEIGHTED = "weighted"
    SWITCH = "switch"

    @property
    def is_controlled(self) -> bool:
        """Whether the scheduler decides, and a run can be made again exactly."""
        return self not in (Strategy.PLAIN, Strategy.ONE_CORE, Strategy.YIELD)


_SEEDED = re.compile(
    r"(?P<word>random|sticky|pct(?P<depth>[1-9]\d?)|weighted|yield):(?P<seed>\d{1,9})$"
)
_ITEM = r"(?:\d+>\d+|early@\d+)"
_SWITCHES = re.compile(rf"switch:(?P<list>(?:{_ITEM}(?:,{_ITEM})*)?)$")
_EARLY_ITEM = "early@"
_EARLY = "/early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One schedule. ``switches`` are pairs (decision number, thread number).

    ``early`` lets a timeout fire at any time, and not only when nobody else
    can go on; a ``switch:`` schedule lists the steps at which one does.
    """

    strategy: Strategy
    seed: int = 0
    depth: int = 0
    early: bool = False
    switches: tuple[tuple[int, int], ...] = ()
    early_steps: tuple[int, ...] = ()

    @property
    def is_controlled(self) -> bool:
        """Whether the scheduler decides, and a run can be made again exactly."""
        return self.strategy.is_controlled

    @property
    def is_seeded(self) -> bool:
        """Whether more than the system takes part in the choice: the program is prepared for it."""
        return self.is_controlled or self.strategy is Strategy.YIELD

    def __str__(self) -> str:
        """The name, as it is typed."""
        early = _EARLY if self.early else ""
        match self.strategy:
            case Strategy.PLAIN | Strategy.ONE_CORE:
                return str(self.strategy.value)
            case Strategy.SWITCH:
                hand_overs = (f"{decision}>{thread}" for decision, thread in self.switches)
                early_items = (f"{_EARLY_ITEM}{step}" for step in self.early_steps)
                return f"switch:{','.join((*hand_overs, *early_items))}"
            case Strategy.PCT:
                return f"pct{self.depth}:{self.seed}{early}"
            case _:
                return f"{self.strategy.value}:{self.seed}{early}"


PLAIN = Schedule(strategy=Strategy.PLAIN)
ONE_CORE = Schedule(strategy=Strategy.ONE_CORE)
STAY = Schedule(strategy=Strategy.SWITCH)
"""The controlled schedule that switches only where it must: the one that others are measured by."""


def parse_schedule(name: str) -> Schedule:
    """The schedule of that name; raises UsageError with the forms there are."""
    bare = name.removesuffix(_EARLY)
    early = bare != name
    if bare in (Strategy.PLAIN.value, Strategy.ONE_CORE.value) and not early:
        return Schedule(strategy=Strategy(bare))
    if found := _SEEDED.match(bare):
        return _seeded(name, found, early=early)
    if (found := _SWITCHES.match(bare)) and not early:
        return _listed(found["list"])
    raise _unknown(name)


def _listed(text: str) -> Schedule:
    items = [item for item in text.split(",") if item]
    pairs = (item.split(">") for item in items if not item.startswith(_EARLY_ITEM))
    steps = (item.removeprefix(_EARLY_ITEM) for item in items if item.startswith(_EARLY_ITEM))
    return Schedule(
        strategy=Strategy.SWITCH,
        switches=tuple((int(decision), int(thread)) for decision, thread in pairs),
        early_steps=tuple(map(int, steps)),
    )


def _seeded(name: str, found: re.Match[str], *, early: bool) -> Schedule:
    strategy = Strategy.PCT if found["depth"] else Strategy(found["word"])
    if early and not strategy.is_controlled:
        raise _unknown(name)
    return Schedule(
        strategy=strategy, seed=int(found["seed"]), depth=int(found["depth"] or 0), early=early
    )


def _unknown(name: str) -> UsageError:
    words = [strategy.value for strategy in Strategy]
    hint = nearest(name.partition(":")[0], words)
    return UsageError(
        f'no schedule is called "{name}"{hint}; there are plain, one-core, yield:SEED, '
        "random:SEED, sticky:SEED, pctDEPTH:SEED, weighted:SEED (these four also with /early), "
        "and switch:DECISION>THREAD,… (early@STEP among them)"
    )
