"""Waits of conditions that wake for nothing, as their contract allows.

Only a `Condition.wait` that the program's own code calls: the library's classes promise that theirs
end when they say.  It is done as `notify` does it, so that no notification is lost.
"""

from __future__ import annotations

import sys
import threading

from . import places
from .strategies import draw_odds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .strategies import Chance
    from .tasks import Task
    from .world import World

_FRAGILE = sys.version_info < (3, 10)
_WAIT = threading.Condition.wait.__code__


class Waker:
    """Takes a waiting thread out of its condition's list, and lets it go on."""

    __slots__ = ("_condition", "_lock", "_world")

    def __init__(self, condition: Any, lock: Any, world: World) -> None:
        self._condition = condition
        self._lock = lock
        self._world = world

    def is_waiting(self) -> bool:
        """Whether nobody has notified the thread.

        The `notify` of CPython 3.9 does not expect that one whom it is about to notify has gone; it
        is called with the lock held.
        """
        if _FRAGILE and self._world.holder(self._condition._lock) >= 0:
            return False
        return bool(self._lock in self._condition._waiters and self._lock.locked())

    def wake(self) -> None:
        """End the wait for nothing."""
        self._condition._waiters.remove(self._lock)
        self._lock.release()


def waker_here(world: World) -> Optional[Waker]:
    """A waker for the calling thread, if it is about to wait in a condition for the program."""
    frame = sys._getframe()
    # We stand below it: the library has called the scheduler out of the middle of the wait.
    while frame.f_back is not None and places.is_runtime(frame.f_code.co_filename):
        frame = frame.f_back
    caller = frame.f_back
    if frame.f_code is not _WAIT or caller is None:
        return None
    if not places.is_program(caller.f_code.co_filename):
        return None
    names = frame.f_locals
    return Waker(names["self"], names["waiter"], world)


class Seldom:
    """Wake-ups by chance: at one step in so many, which the seed draws.

    Half of those who are woken go on at once, for a while: whoever takes the lock and finds nothing
    before anybody has made it come true shows that a loop is missing; else somebody mostly has.
    """

    __slots__ = ("_chance", "_favoured", "_favours", "_one_in")

    _FAVOURS = 30
    """Decisions that one who is favoured gets."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._one_in = draw_odds(chance)
        self._favoured = -1
        self._favours = 0

    def chosen(self, step: int, candidates: list[Task]) -> Optional[int]:
        """Who of `candidates` is woken at this step; None: nobody."""
        if self._chance.below(self._one_in) or not candidates:
            return None
        number = self._favoured = self._chance.pick(candidates).number
        self._favours = 0 if self._chance.below(2) else self._FAVOURS
        return number

    def favoured(self, offered: list[Task]) -> Optional[Task]:
        """Who is to go on before any strategy is asked; None: nobody, or who was waits again."""
        for task in offered if self._favours else ():
            if task.number == self._favoured:
                self._favours -= 1
                return task
        self._favours = 0
        return None


class Listed:
    """Wake-ups as listed."""

    __slots__ = ("_listed",)

    def __init__(self, listed: dict[int, int]) -> None:
        self._listed = listed

    def chosen(self, step: int, candidates: list[Task]) -> Optional[int]:
        """Who is to be woken at this step; None: nobody."""
        return self._listed.get(step)

    def favoured(self, offered: list[Task]) -> Optional[Task]:
        """Nobody: the list says who goes on."""
        return None
