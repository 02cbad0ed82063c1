"""How long what a program has left behind may take to end by itself.

Multiprocessing's servants see the end of a pipe once the program has gone, and
end then. On a busy machine that takes long: they are given so much time of
their own, whoever else uses the processors meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

from harness.machine.process.linux import are_asleep, processor_seconds

ASLEEP_SECONDS = 0.25
"""For how long, in all, it may be found asleep: what is to end has been woken for that."""
PROCESSOR_SECONDS = 0.5
"""How much processor time each process of it may use."""
LONGEST_SECONDS = 20.0
"""How long it may take by the clock, however busy the machine is."""
LOOK_SECONDS = 0.01


class Grace:
    """Looks now and then at what is left; knows when it has had its time. One clock's seconds."""

    __slots__ = ("_asleep", "_longest", "_next_look", "_used")

    def __init__(self, now: float) -> None:
        """Begin now."""
        self._asleep = 0.0
        self._longest = now + LONGEST_SECONDS
        self._next_look = now + LOOK_SECONDS
        self._used: dict[int, float] = {}

    def is_due(self, now: float) -> bool:
        """Whether it is time for a look."""
        return now >= self._next_look

    def look(self, now: float, pids: Collection[int]) -> bool:
        """Look at what is left, and say whether its time is up.

        Between two looks anything may have been; each counts for no more than is
        planned between them, however late it comes.
        """
        self._next_look = now + LOOK_SECONDS
        if are_asleep(pids):
            self._asleep += LOOK_SECONDS
        used = max([self._has_used(pid) for pid in pids], default=0.0)
        is_spent = used > PROCESSOR_SECONDS or self._asleep >= ASLEEP_SECONDS
        return is_spent or now >= self._longest

    def _has_used(self, pid: int) -> float:
        """The processor time of a process since it was first looked at."""
        used = processor_seconds(pid) or 0.0
        return used - self._used.setdefault(pid, used)
