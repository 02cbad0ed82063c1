"""What runs in the workers of a cluster. It is sent by its name: the worker has this harness, too.

What is asked first of a worker, ``importlib.metadata.version``, it has in any case.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from functools import cache
from pathlib import Path
from typing import Any

from harness.cluster.corpora import found, unpack
from harness.cluster.identity import own_identity
from harness.cluster.lots import Call, Lot, LotDone, Offer
from harness.cluster.station import Station, own_offer
from harness.cluster.toolchains import identity_of
from harness.machine.cores import allowed_cores
from harness.machine.process import end_all_processes
from harness.schedules.serving import serving

PLENTY = 1_000_000.0
"""How much of a toolchain a worker has: as many lots may use it as it has threads."""

SERVERS_PER_THREAD = 2

_stations: dict[str, Station] = {}
_serving = contextlib.ExitStack()
_setting_up = threading.Lock()


def resource(call: str, toolchain: str) -> str:
    """What a lot asks for, and only workers have that are set up for the call and have that."""
    return f"harness {call} {toolchain}"


def identify(*, dask_worker: Any = None) -> tuple[str, int]:
    """Which harness this is, and how many lots it does at once."""
    return own_identity(), dask_worker.state.nthreads


async def lacks_corpora(call: Call, *, dask_worker: Any = None) -> bool:
    """Whether the corpora of the call have to be sent."""
    kept = _place(dask_worker) / "corpora"
    return await asyncio.to_thread(found, call.corpora, call.digest, kept) is None


@cache
def offer() -> Offer:
    """What this machine has; it is asked once."""
    return own_offer()


async def told_offer() -> Offer:
    """The same, while the worker goes on answering."""
    return await asyncio.to_thread(_offer_alone)


def _offer_alone() -> Offer:
    """What this worker has, looked up by one thread at a time: probing starts compilers."""
    with _setting_up:
        return offer()


async def set_up(
    call: Call, packed: bytes, is_local: bool = False, *, dask_worker: Any = None
) -> Offer:
    """Make ready for a call; from then on lots of it come here."""
    if is_local and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the client's: it ends us
    made = await asyncio.to_thread(_open_station, call, packed, _place(dask_worker), dask_worker)
    _stations[call.name] = made
    had = {resource(call.name, identity_of(each)): PLENTY for each in made.offer.toolchains}
    await dask_worker.set_resources(**had)
    return made.offer


def _open_station(call: Call, packed: bytes, place: Path, worker: Any) -> Station:
    """The station of a call, its corpora unpacked.

    Raises OSError where there is no room for them.
    """
    corpora = found(call.corpora, call.digest, place / "corpora")
    if corpora is None:
        corpora = unpack(packed, call.digest, len(call.corpora), place / "corpora")
    with _setting_up:
        if call.serves:
            _serve(max(worker.state.nthreads, allowed_cores()))
    state = Path(call.state) if call.state else place / "states" / call.digest
    return Station(call, _offer_alone(), corpora, state)


@cache
def _serve(threads: int) -> None:
    """Have servers used, whatever the call, as long as this process lives; asked again, nothing."""
    _serving.enter_context(serving(SERVERS_PER_THREAD * threads))


def _place(worker: Any) -> Path:
    """Where corpora and builds are kept: all workers of this machine that share it build once."""
    return Path(worker.local_directory).parent / "harness"


def do_lot(call: str, lot: Lot) -> LotDone:
    """Do a lot of a call that this worker was set up for."""
    from distributed import get_worker  # noqa: PLC0415 - only a worker comes here

    return _stations[call].do(lot, worker=get_worker().address)


async def wind_up(call: str) -> None:
    """The call is over: what of it still runs is ended."""
    station = _stations.pop(call, None)
    if station is not None:
        station.stop.set()
    if not _stations:
        end_all_processes()
