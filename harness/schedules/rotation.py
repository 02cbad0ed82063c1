"""Which schedules a budget of runs is spent on.

Half of the controlled ones are probes: a search with few departures, the
likeliest first. It comes to what one hand-over at the right place shows, and
depends on no seed; nor does a quarter that goes place by place, for what comes
late and once. The others are drawn, by strategies that take turns: random
choice suits what takes many hand-overs, priorities what takes a thread that is
held back for long (``python -m tests.bench bugs`` measures each on each planted
bug). And some runs stay plain: those are the ground truth that the model of a
controlled run is held against.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from harness.schedules.likeliest import FIRST, in_turn
from harness.schedules.names import ONE_CORE, PLAIN, Schedule, Strategy

TURNS: tuple[tuple[Strategy, int], ...] = (
    (Strategy.RANDOM, 0),
    (Strategy.PCT, 2),
    (Strategy.WEIGHTED, 0),
    (Strategy.STICKY, 0),
    (Strategy.WEIGHTED, 0),
    (Strategy.RANDOM, 0),
    (Strategy.PCT, 3),
    (Strategy.PCT, 1),
    (Strategy.WEIGHTED, 0),
)
"""Strategies in turn, each with its depth.

Depth 1 lets a thread run on until it waits: what another ought to have waited for, and did not,
then comes last of all.
"""

_EARLY_TURNS = 2
_SPURIOUS_TURNS = 3
_OLD_TURNS = 4
"""In every second turn timeouts may fire early, where the example allows it, in every third
waits may wake for nothing, and in two of four atomics may give older values, where a program can
tell; from round to round in those of other strategies."""

_ONE_CORE_EVERY = 5
"""Of plain runs: on one core threads change hands by the kernel's time slices alone."""


def mixed_rotation(
    count: int, seed: int = 0, *, early: bool = True, old: bool = False
) -> tuple[Schedule, ...]:
    """``count`` controlled schedules: half of them probes, a quarter place by place, others drawn.

    The likeliest probes come first, the others by turns with what is drawn and the places.
    ``early`` says whether the example allows early timeouts, ``old`` whether values may be older.
    """
    probes = [Schedule(strategy=Strategy.PROBE, seed=number) for number in range(count // 2)]
    drawn = controlled_rotation(count - len(probes), seed, early=early, old=old)
    # A short program has few places: where there is no further one, what is drawn is not cut short.
    middle = len(drawn) - count // 4
    places = [
        Schedule(strategy=Strategy.PLACE, seed=number, instead=instead)
        for number, instead in enumerate(drawn[middle:])
    ]
    others = in_turn((drawn[:middle], places))
    return (*probes[:FIRST], *in_turn((others, probes[FIRST:])))


def controlled_rotation(
    count: int,
    seed: int = 0,
    *,
    early: bool = True,
    old: bool = False,
    strategies: Collection[Strategy] = (),
) -> tuple[Schedule, ...]:
    """``count`` controlled schedules, the strategies in turn (only those named, if any are).

    ``early`` says whether the example allows early timeouts, ``old`` whether values may be older.
    """
    turns = tuple(turn for turn in TURNS if not strategies or turn[0] in strategies)
    return tuple(_drawn(turns, turn, seed + turn, early=early, old=old) for turn in range(count))


def _drawn(
    turns: tuple[tuple[Strategy, int], ...], turn: int, seed: int, *, early: bool, old: bool
) -> Schedule:
    """The schedule of a turn.

    With another ``early`` or ``old`` the turns have the same strategies.
    """
    full_rounds, place = divmod(turn, len(turns))
    strategy, depth = turns[place]
    # Else a suffix would always fall on the same strategies, where their
    # number is a multiple of its turns.
    shifted = place + full_rounds
    return Schedule(
        strategy=strategy,
        depth=depth,
        seed=seed,
        early=early and shifted % _EARLY_TURNS == _EARLY_TURNS - 1,
        spurious=shifted % _SPURIOUS_TURNS == _SPURIOUS_TURNS - 1,
        old=old and shifted % _OLD_TURNS in (1, 2),
    )


def yield_rotation(count: int, seed: int = 0) -> tuple[Schedule, ...]:
    """``count`` schedules of random yields, for programs that cannot be controlled."""
    return tuple(Schedule(strategy=Strategy.YIELD, seed=seed + turn) for turn in range(count))


def plain_rotation(count: int) -> tuple[Schedule, ...]:
    """``count`` schedules that need nothing but the system: plain, and every fifth on one core."""
    turns = (ONE_CORE if turn % _ONE_CORE_EVERY == 4 else PLAIN for turn in range(count))
    return tuple(islice(turns, count))
