"""The cluster as the client sees it: who is there, and what each of them has."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from harness.cluster.corpora import pack
from harness.cluster.dispatch import ClusterLost, Dispatch, dask
from harness.cluster.identity import PACKAGE, own_identity
from harness.cluster.lots import Call, Lot, LotDone, Member, Offer
from harness.values.errors import UsageError
from harness.values.words import visible

LOCAL = "local"
CONNECT_SECONDS = 10
JOIN_SECONDS = 10
GREET_SECONDS = 0.5
"""How soon a worker that has joined is seen."""


_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):\d{1,5}")


class CommLost(OSError):
    """A worker did not answer at all."""


class Cluster:
    """A connection to a scheduler. Use ``connected``, which closes it.

    Used by the thread that opened it, but for the greeter, which sees to workers that join: what
    both touch (who is there) is behind ``_lock``, which is never held while dask is asked.
    """

    def __init__(self, client: Any, *, is_local: bool, note: Callable[[str], None]) -> None:
        self.is_local = is_local
        self._client = client
        self._note = note
        self._noted: set[str] = set()
        """Notes that have been told: of each worker that is refused, say, once."""
        self._members: dict[str, Member] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._call: Call | None = None
        self._packed: bytes | None = None
        """The corpora as workers get them that have not the same files: packed once."""
        self._greeter: threading.Thread | None = None
        """The thread that makes those ready that join while the call is under way."""

    # --- who is there ---------------------------------------------------------------

    def members(self) -> tuple[Member, ...]:
        """All workers that have been seen and are there, those that are refused included."""
        with self._lock:
            return tuple(self._members.values())

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the workers have that are not refused."""
        return tuple(each.offer for each in self.members() if not each.refused)

    def survey(self) -> None:
        """See who is there, and ask each what it has; raises ClusterLost.

        Where nobody is, it waits a while: workers may be about to join.
        """
        ends = time.monotonic() + JOIN_SECONDS
        with self._told_if_lost():
            self._greet()
            while not self.members() and time.monotonic() < ends:
                time.sleep(GREET_SECONDS)
                self._greet()

    def require_workers(self) -> None:
        """Raise UsageError if there is no worker that may be given work."""
        if not self.offers:
            refused = [f"{each.address}: {each.refused}" for each in self.members()]
            there = "; ".join(refused) or "none is there"
            raise UsageError(f"--cluster: no worker can be given work: {there}")

    def begin(self, call: Call) -> None:
        """Make all workers ready for the call, and from now on those that join.

        Raises UsageError if there is none that may be given work.
        """
        self._call = call
        with self._lock:
            self._members.clear()  # whoever is there is made ready
        self.survey()
        self.require_workers()
        self._greeter = threading.Thread(target=self._go_on_greeting, name="greeter", daemon=True)
        self._greeter.start()

    def _go_on_greeting(self) -> None:
        """What the greeter does until the call is over."""
        while not self._is_over.wait(GREET_SECONDS):
            with contextlib.suppress(Exception):  # whoever waits for a lot hears of it, and tells
                self._greet()

    def _greet(self) -> None:
        """Take leave of workers that are gone, and make those ready that are new."""
        there = self._client.nthreads()
        with self._lock:
            gone = self._members.keys() - there.keys()
            for address in gone:
                del self._members[address]
            new = [address for address in there if address not in self._members]
        if not new:
            return
        # Not with the lock held: it asks workers, and each of them may have gone.
        met = self._meet(new)
        with self._lock:
            self._members |= met
        for member in met.values():
            line = f"{member.address}: gets no work: {member.refused}"
            if member.refused and line not in self._noted:
                self._noted.add(line)
                self._note(line)

    def _meet(self, new: list[str]) -> dict[str, Member]:
        """Ask new workers who they are, and make them ready; those that have gone are left out."""
        from harness.cluster import worker  # noqa: PLC0415 - see the package

        # By a function of the standard library first: a worker without this package could
        # not so much as unpickle one of ours.
        versions = self._run(new, version, PACKAGE)
        told = self._run([each for each in new if isinstance(versions[each], str)], worker.identify)
        there = [each for each in new if not (_is_lost(versions[each]) or _is_lost(told.get(each)))]
        met = {each: self._introduced(each, versions[each], told.get(each)) for each in there}
        accepted = [each for each, member in met.items() if not member.refused]
        if self._call is None:
            offers = self._run(accepted, worker.told_offer)
        else:
            offers = self._set_up(accepted, self._call)
        for address, offered in offers.items():
            if isinstance(offered, Offer):
                met[address] = replace(met[address], offer=offered)
            elif _is_lost(offered):
                del met[address]  # and is seen again if it comes back
            else:
                met[address] = replace(met[address], refused=_in_words(offered))
        return met

    def _introduced(self, address: str, number: object, told: object) -> Member:
        """A worker by what it has said.

        ``number`` is a version, ``told`` its identity and threads.
        """
        own = own_identity()
        match told:
            case (str(harness), int(threads)) if harness == own:
                return Member(address=address, threads=threads, harness=harness)
            case (str(harness), int(threads)):
                refused = f"it has harness {harness}, and this one is {own}: install the same"
                return Member(address=address, threads=threads, harness=harness, refused=refused)
        has = f"harness {number}" if isinstance(number, str) else "no harness"
        refused = f"it has {has}, and this one is {own}: install the same"
        return Member(address=address, refused=refused)

    def _set_up(self, accepted: list[str], call: Call) -> dict[str, Any]:
        """Make workers ready, corpora sent to those that lack them.

        Gives each one's offer or fault.
        """
        from harness.cluster import worker  # noqa: PLC0415 - see the package

        lacks = self._run(accepted, worker.lacks_corpora, call)
        offers: dict[str, Any] = {}
        # Two calls, for an argument is sent to each worker of one: the archive
        # goes only to those that lack it.
        for is_lacking in (True, False):
            chosen = [each for each in accepted if lacks[each] is is_lacking]
            packed = self._archive(call) if is_lacking and chosen else b""
            offers |= self._run(chosen, worker.set_up, call, packed, is_local=self.is_local)
        return offers

    def _archive(self, call: Call) -> bytes:
        """The corpora as workers get them; made once a call."""
        if self._packed is None:
            self._packed = pack([Path(each) for each in call.corpora])
        return self._packed

    def _run(
        self, workers: list[str], function: Callable[..., Any], *arguments: Any, **named: Any
    ) -> dict[str, Any]:
        """What a function gives on each of these workers; or the exception that it raised."""
        if not workers:
            return {}
        found: Mapping[str, Any] = self._client.run(
            function, *arguments, workers=workers, on_error="return", **named
        )
        return {each: found.get(each, CommLost()) for each in workers}

    # --- lots -----------------------------------------------------------------------

    def results(
        self,
        next_lot: Callable[[], Lot | None],
        known: Callable[[Lot], LotDone | None] = lambda _: None,
    ) -> Iterator[LotDone]:
        """What came of the lots, in the order in which they are done.

        ``next_lot`` is asked whenever another may go out, and again after each result; it gives
        ``None`` where there is none, and for good once nothing is out. One that is ``known`` does
        not go out. Raises ClusterLost.
        """
        dispatch = Dispatch(self._client, self._call, self.members)
        with self._told_if_lost():
            # Whoever takes the results may stop at any time: the
            # generator's end calls back what is out.
            yield from dispatch.run(next_lot, known)

    @contextlib.contextmanager
    def _told_if_lost(self) -> Iterator[None]:
        closed = dask().comm.CommClosedError
        try:
            yield
        # What dask raises where the connection broke differs with the moment at which it did.
        except (CancelledError, closed, TimeoutError, OSError) as error:
            raise ClusterLost("--cluster: the scheduler cannot be reached any more") from error

    def close(self) -> None:
        """End what of the call still runs, and the connection."""
        self._is_over.set()
        if self._greeter is not None:
            self._greeter.join(GREET_SECONDS)
        if self._call is not None and self._client.status == "running":
            from harness.cluster import worker  # noqa: PLC0415 - see the package

            with contextlib.suppress(Exception):  # nobody is there to be told
                self._client.run(worker.wind_up, self._call.name, wait=False)


@contextlib.contextmanager
def connected(where: str, state: Path, jobs: int, note: Callable[[str], None]) -> Iterator[Cluster]:
    """A connection to the scheduler at that address, or to a cluster of this machine's own.

    ``note`` is told of workers that are refused. Raises UsageError where dask is not installed,
    or nobody answers.
    """
    try:
        distributed = dask()
    except ImportError:
        raise UsageError(
            "--cluster needs dask.distributed: pip install 'paired-concurrency[cluster]'"
        ) from None
    if where != LOCAL and not _ADDRESS.fullmatch(where):
        raise UsageError(
            f'--cluster: expected tcp://HOST:8786, tls://HOST:8786 or local, found "{where}"'
        )
    _hush()
    with contextlib.ExitStack() as stack:
        address = where
        if where == LOCAL:
            address = stack.enter_context(_local(distributed, state, jobs))
        try:
            _require_certificate(distributed, address)
            client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError, ImportError) as error:
            raise UsageError(f"--cluster: {visible(where)}: {_in_words(error)}") from None
        stack.callback(client.close, timeout=2)
        cluster = Cluster(client, is_local=where == LOCAL, note=note)
        stack.callback(cluster.close)
        yield cluster


def _require_certificate(distributed: Any, address: str) -> None:
    """Raise UsageError if TLS is asked for, and dask's settings have no certificate of ours."""
    if not address.startswith("tls:"):
        return
    if distributed.Security().get_connection_args("client")["ssl_context"] is None:
        raise UsageError(
            f"--cluster: {visible(address)}: dask has no certificate for it: expected"
            " distributed.comm.tls.client.cert (and .key, and tls.ca-file) in its settings"
        )


@contextlib.contextmanager
def _local(distributed: Any, state: Path, jobs: int) -> Iterator[Any]:
    """A scheduler and workers of one thread each, as processes of ours.

    Dask looks every 10 ms at what its workers' threads do, for a profile that nobody sees here.
    """
    unwatched = import_module("dask").config.set({"distributed.worker.profile.enabled": False})
    with (
        unwatched,
        distributed.LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=None,
            local_directory=str(state.absolute() / "cluster"),
            silence_logs=logging.CRITICAL,
        ) as own,
    ):
        yield own.scheduler_address


def _is_lost(answer: object) -> bool:
    """Whether a worker was gone before it could answer: that says nothing against it.

    What its own system refuses has a number; what dask says of a connection has none.
    """
    if isinstance(answer, OSError):
        return answer.errno is None or isinstance(answer, ConnectionError | TimeoutError)
    return isinstance(answer, RuntimeError)


def _hush() -> None:
    """Let nothing of dask's be logged here: what a user should know we say ourselves, in a line."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _in_words(error: object) -> str:
    """The first line of what an exception says; its name, where it says nothing."""
    words = str(getattr(error, "strerror", None) or error).strip().split("\n")[0]
    return words or type(error).__name__
