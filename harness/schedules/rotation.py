"""Which schedules a budget of runs is spent on.

No strategy wins everywhere: random choice finds lost updates and deadlocks at
once and hardly ever a forgotten join, priorities the other way round. So they
take turns, and some runs stay plain: those are the ground truth that the
model of a controlled run is held against.
"""

from __future__ import annotations

from itertools import islice

from harness.schedules.names import ONE_CORE, PLAIN, Schedule, Strategy

_TURNS: tuple[tuple[Strategy, int], ...] = (
    (Strategy.RANDOM, 0),
    (Strategy.PCT, 2),
    (Strategy.WEIGHTED, 0),
    (Strategy.STICKY, 0),
    (Strategy.RANDOM, 0),
    (Strategy.PCT, 3),
)

_EARLY_EVERY = 3
"""Every third controlled schedule lets timeouts fire early, where the example allows it."""

_ONE_CORE_EVERY = 5


def controlled_rotation(count: int, seed: int = 0, *, early: bool = True) -> tuple[Schedule, ...]:
    """``count`` controlled schedules, the strategies in turn; ``early`` allows early timeouts."""
    return tuple(
        Schedule(
            strategy=_TURNS[turn % len(_TURNS)][0],
            depth=_TURNS[turn % len(_TURNS)][1],
            seed=seed + turn,
            early=early and turn % _EARLY_EVERY == _EARLY_EVERY - 1,
        )
        for turn in range(count)
    )


def plain_rotation(count: int) -> tuple[Schedule, ...]:
    """``count`` schedules that need nothing but the system: plain, and every fifth on one core."""
    turns = (ONE_CORE if turn % _ONE_CORE_EVERY == 4 else PLAIN for turn in range(count))
    return tuple(islice(turns, count))
