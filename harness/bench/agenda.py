"""What there is still to do, given to whoever has time: nobody waits while there is anything."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Agenda(Generic[_Item]):
    """Items in their order, for several threads that each take the next.

    ``waits_for`` gives the events before which an item cannot be done, in the order in which they
    come, and is asked by one thread at a time; an item is taken once all have come. Another is
    passed over, and comes before all that is still untouched once the next of them has, unless
    there is a further one. Whoever sets an event says so by ``look_again``.
    """

    def __init__(
        self, items: Iterable[_Item], waits_for: Callable[[_Item], Iterable[threading.Event]]
    ) -> None:
        """Nothing is taken of the items before somebody asks."""
        self._items = iter(items)
        self._waits_for = waits_for
        self._passed_over: dict[threading.Event, deque[_Item]] = {}
        self._changed = threading.Condition()

    def __iter__(self) -> Iterator[_Item]:
        """Itself: whoever goes through it takes what others have not."""
        return self

    def __next__(self) -> _Item:
        """The first that can be done now; waits only where all that is left cannot."""
        with self._changed:
            while True:
                for item in self._to_look_at():
                    if self._can_be_done(item):
                        return item
                if not self._passed_over:
                    raise StopIteration
                self._changed.wait()

    def look_again(self) -> None:
        """An event has come."""
        with self._changed:
            self._changed.notify_all()

    def _to_look_at(self) -> Iterator[_Item]:
        """What may be done now: what has been passed over, and then the rest."""
        while event := next((each for each in self._passed_over if each.is_set()), None):
            item = self._passed_over[event].popleft()
            if not self._passed_over[event]:
                del self._passed_over[event]
            yield item
        for item in self._items:  # not `yield from`, which would close them with this generator
            yield item

    def _can_be_done(self, item: _Item) -> bool:
        event = next((each for each in self._waits_for(item) if not each.is_set()), None)
        if event is None:
            return True
        self._passed_over.setdefault(event, deque()).append(item)
        return False
