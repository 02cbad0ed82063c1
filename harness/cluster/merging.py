"""Parts of one program's runs, which come in any order, added up in their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from harness.cluster.lots import PartDone


@dataclass(slots=True)
class InOrder:
    """Gives parts on to ``take`` one behind the other, from run 0 on; others wait until then.

    A part that is there already adds nothing.
    """

    take: Callable[[PartDone], None]
    reached: int = 0
    waiting: dict[int, PartDone] = field(default_factory=dict)

    def add(self, done: PartDone) -> None:
        """Take a part, and those that have waited for it."""
        if done.part.start >= self.reached:
            self.waiting.setdefault(done.part.start, done)
        while (following := self.waiting.pop(self.reached, None)) is not None:
            self.reached = following.reached
            self.take(following)
            if not following.reached > following.part.start:
                return  # nothing was done of it: what waits still waits
