"""How cores are shared out among what is done on them."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest

from harness.machine.cores import PARTS, SharedCores, parts_of


@pytest.mark.parametrize(
    ("busy", "seconds", "parts"),
    [(0.0, 1.0, 1), (0.25, 1.0, 1), (0.26, 1.0, 2), (0.8, 1.0, 4), (3.0, 1.0, 4), (0.0, 0.0, 4)],
)
def test_what_sleeps_takes_a_part_of_a_core(busy: float, seconds: float, parts: int) -> None:
    """At least one, and of something that took no time nobody knows."""
    assert parts == parts_of(busy, seconds)


def test_parts_of_a_core_are_had_at_once_and_a_whole_one_is_waited_for() -> None:
    """Who came before gets it first, though what came after would find room."""
    cores = SharedCores(1)
    order: list[str] = []

    def have(name: str, parts: int) -> None:
        with cores.having(parts):
            order.append(name)

    with ExitStack() as parts:
        for _ in range(PARTS - 1):
            parts.enter_context(cores.having(1))
        whole = threading.Thread(target=have, args=("whole", PARTS))
        whole.start()
        while not cores._turn.locked():
            time.sleep(0.001)
        part = threading.Thread(target=have, args=("part", 1))
        part.start()
        part.join(0.05)
        assert [] == order
    whole.join(30)
    part.join(30)
    assert ["whole", "part"] == order
