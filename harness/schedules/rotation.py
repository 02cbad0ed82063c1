"""Which schedules a budget of runs is spent on.

No strategy wins everywhere: random choice finds lost updates and deadlocks at
once and hardly ever a forgotten join, priorities the other way round. So they
take turns, and some runs stay plain: those are the ground truth that the
model of a controlled run is held against.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

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

_EARLY_ROUNDS = 2
"""In every second round of the strategies timeouts may fire early, where the example allows it."""

_ONE_CORE_EVERY = 5


def controlled_rotation(
    count: int,
    seed: int = 0,
    *,
    early: bool = True,
    strategies: Collection[Strategy] = (),
) -> tuple[Schedule, ...]:
    """``count`` controlled schedules, the strategies in turn (only those named, if any are).

    ``early`` says whether the example allows early timeouts.
    """
    turns = tuple(turn for turn in TURNS if not strategies or turn[0] in strategies)
    return tuple(
        Schedule(
            strategy=turns[turn % len(turns)][0],
            depth=turns[turn % len(turns)][1],
            seed=seed + turn,
            early=early and (turn // len(turns)) % _EARLY_ROUNDS == 1,
        )
        for turn in range(count)
    )


def yield_rotation(count: int, seed: int = 0) -> tuple[Schedule, ...]:
    """``count`` schedules of random yields, for programs that cannot be controlled."""
    return tuple(Schedule(strategy=Strategy.YIELD, seed=seed + turn) for turn in range(count))


def plain_rotation(count: int) -> tuple[Schedule, ...]:
    """``count`` schedules that need nothing but the system: plain, and every fifth on one core."""
    turns = (ONE_CORE if turn % _ONE_CORE_EVERY == 4 else PLAIN for turn in range(count))
    return tuple(islice(turns, count))
