"""Telling a process that waits for ever from one that works in silence."""

from __future__ import annotations

from harness.machine.process.linux import TELLS_OF_THREADS, Snapshot, sleeping_threads

LOOKS_PER_PERIOD = 4
LEAST_LOOK_SECONDS = 0.02


class IdleWatch:
    """Looks now and then at a silent process; knows since when it has done nothing.

    Nothing means: no output, every thread asleep at every look, and no
    processor time used between two looks. Times are seconds on one clock.
    """

    __slots__ = ("_idle_since", "_interval", "_leader", "_snapshot", "next_look")

    def __init__(self, leader: int, *, period: float, now: float) -> None:
        """Watch ``leader`` and its descendants, looking several times in each ``period``."""
        self._leader = leader
        self._interval = max(period / LOOKS_PER_PERIOD, LEAST_LOOK_SECONDS)
        self.heard(now)

    def heard(self, now: float) -> None:
        """Note that there was output: whatever was seen before proves nothing."""
        self._snapshot: Snapshot | None = None
        self._idle_since = now
        self.next_look = now + self._interval

    def look(self, now: float) -> None:
        """Look at the threads, if it is time for that."""
        if now < self.next_look:
            return
        snapshot = sleeping_threads(self._leader)
        # Two looks alike prove that nobody ran in between, as ``schedstat`` counts each nanosecond
        # that a thread was given: no look can come at an unlucky moment.
        if snapshot is None or snapshot != self._snapshot:
            self._idle_since = now
        self._snapshot = snapshot
        self.next_look = now + self._interval

    def was_idle(self, now: float, seconds: float) -> bool | None:
        """Whether the process did nothing for the last ``seconds``; ``None``: no telling here."""
        return self.idle_seconds(now) >= seconds if TELLS_OF_THREADS else None

    def idle_seconds(self, now: float) -> float:
        """Return for how long the process is known to have done nothing."""
        return 0.0 if self._snapshot is None else now - self._idle_since
