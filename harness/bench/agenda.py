"""What there is still to do, given to whoever has time: nobody waits while there is anything."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class Agenda(Generic[_Item]):
    """Items in their order, for several threads that each take the next.

    ``waits_for`` gives the event before which an item cannot be done, if there is one. Such an
    item is passed over, and comes before all that is still untouched once the event has come.
    Whoever sets one says so by ``look_again``.
    """

    def __init__(
        self, items: Iterable[_Item], waits_for: Callable[[_Item], threading.Event | None]
    ) -> None:
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
                for item in self._ready():
                    return item
                if not self._passed_over:
                    raise StopIteration
                self._changed.wait()

    def look_again(self) -> None:
        """An event has come."""
        with self._changed:
            self._changed.notify_all()

    def _ready(self) -> Iterator[_Item]:
        """What can be done now; only the first is taken."""
        for event, items in tuple(self._passed_over.items()):
            if event.is_set():
                item = items.popleft()
                if not items:
                    del self._passed_over[event]
                yield item
        for item in self._items:
            event = self._waits_for(item)
            if event is None or event.is_set():
                yield item
            else:
                self._passed_over.setdefault(event, deque()).append(item)
