"""Lots that are out: given to dask, looked for, taken back, sent again."""

from __future__ import annotations

import contextlib
import queue
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from harness.cluster.lots import Call, Lot, LotDone, Member
from harness.cluster.toolchains import identity_of
from harness.values.errors import ExitCode, HarnessError

LOOK_SECONDS = 1.0
"""How often the lots are looked for that are out."""

LOOKS = 2
"""A lot that was looked for so often in vain has fallen between two workers."""

PATIENCE_SECONDS = 60.0
"""How long lots wait for a worker that has their toolchain, once there is none any more."""

AHEAD = 2
"""Lots that wait at each worker's thread, so that it never waits for the client."""

MOST_LOSSES = 2
"""How often a lot may be given up by dask, each time after four workers that had it were lost."""


class ClusterLost(HarnessError):
    """The scheduler cannot be reached any more, or no worker is left."""

    exit_code = ExitCode.FAILED


@dataclass(slots=True)
class _Out:
    """A lot that is out: ``losses`` counts how often dask has given it up.

    ``idle`` counts how often it was looked for in vain among what the workers are given.
    """

    future: Any
    lot: Lot
    losses: int
    idle: int = 0


@dataclass(slots=True)
class Dispatch:
    """The lots of one call, on their way: those that are out, and those that have come back."""

    client: Any
    call: Call | None
    members: Callable[[], tuple[Member, ...]]
    out: dict[str, _Out] = field(default_factory=dict)
    ended: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    served: float = field(default_factory=time.monotonic)
    looked: float = 0.0

    def run(
        self, next_lot: Callable[[], Lot | None], known: Callable[[Lot], LotDone | None]
    ) -> Iterator[LotDone]:
        """See ``Cluster.results``; what is out when nobody asks any more is called back."""
        try:
            while True:
                while self._has_room and (lot := next_lot()) is not None:
                    # From the journal: the lot was done before an earlier call was broken off.
                    if (done := known(lot)) is not None:
                        yield done
                    else:
                        self._send(lot)
                if not self.out:
                    return
                future = self._next()
                if future is not None:
                    yield from self._taken(future)
        finally:
            for out in self.out.values():
                with contextlib.suppress(Exception):
                    out.future.cancel()

    @property
    def _has_room(self) -> bool:
        """Whether another lot may go out: no more do than keep all workers busy."""
        threads = sum(each.threads for each in self.members() if not each.refused)
        return len(self.out) < (AHEAD + 1) * max(1, threads)

    def _send(self, lot: Lot, losses: int = 0) -> None:
        """Give a lot to dask, which chooses the worker."""
        from harness.cluster import worker  # noqa: PLC0415 - see the package

        assert self.call is not None  # noqa: S101 - it has begun
        wanted = worker.resource(self.call.name, identity_of(lot.toolchain))
        future = self.client.submit(
            worker.do_lot,
            self.call.name,
            lot,
            # Dask takes two tasks with one key for one: a lot that is sent again must be another.
            key=f"lot-{self.call.name}-{lot.key}-{secrets.token_hex(4)}",
            # A resource of the call and the toolchain: dask gives the lot only to
            # workers that were made ready for it.
            resources={wanted: 1},
            # Runs are no function of their arguments: no result is to be taken from an earlier one.
            pure=False,
        )
        self.out[future.key] = _Out(future, lot, losses)
        # Called in dask's own thread; a SimpleQueue may be put to from
        # anywhere, callbacks included.
        future.add_done_callback(self.ended.put)

    def _next(self) -> Any | None:
        """One that has come back; ``None`` if none has for a moment."""
        if time.monotonic() - self.looked > LOOK_SECONDS:
            self._look_for_workers()
            self.looked = time.monotonic()
        try:
            future = self.ended.get(timeout=0.2)
        except queue.Empty:
            return None
        # One that was called back and sent again may still come, and is nobody's any more.
        return future if future.key in self.out else None

    def _look_for_workers(self) -> None:
        """Send again what no worker is given, though one could do it.

        A scheduler does not look again at a lot that nobody could do, when a worker that was there
        is set up for it. Raises ClusterLost where there is none for long.
        """
        members = (each for each in self.members() if not each.refused)
        able = {identity_of(each) for member in members for each in member.offer.toolchains}
        given = {str(key) for keys in self.client.processing().values() for key in keys}
        lacking: list[Lot] = []
        for key, out in list(self.out.items()):
            is_idle = key not in given and out.future.status == "pending"
            out.idle = out.idle + 1 if is_idle else 0
            if identity_of(out.lot.toolchain) not in able:
                lacking.append(out.lot)
            elif out.idle >= LOOKS:
                del self.out[key]
                out.future.cancel()
                self._send(out.lot, out.losses)
        if not lacking:
            self.served = time.monotonic()
        elif time.monotonic() - self.served > PATIENCE_SECONDS:
            told = {f"{lot.toolchain.side.value} {lot.toolchain.label}" for lot in lacking}
            raise ClusterLost(f"--cluster: no worker is left that has {', '.join(sorted(told))}")

    def _taken(self, future: Any) -> Iterator[LotDone]:
        """What came of a lot that is back; nothing, where it was sent out again."""
        out = self.out.pop(future.key)
        try:
            done = future.result()
        except dask().KilledWorker:
            yield from self._given_up(out.lot, out.losses + 1)
            return
        finally:
            future.release()
        assert isinstance(done, LotDone)  # noqa: S101 - what workers give
        yield done

    def _given_up(self, lot: Lot, losses: int) -> Iterator[LotDone]:
        """Dask tries no more, though each loss may have been another's fault: so we do, apart."""
        if len(lot.parts) > 1:
            for part in lot.parts:
                self._send(replace(lot, parts=(part,)))
        elif losses < MOST_LOSSES:
            self._send(lot, losses)
        else:
            yield LotDone(lot=lot, is_lost=True)


def dask() -> Any:
    """dask.distributed, which only who has said --cluster needs."""
    return import_module("distributed")
