"""Which controlled runs a server makes, and what is done where none can.

``serving`` has servers used for as long as its block lasts. A program gets one
of its own at its second run, while no more are kept than fit. Whatever goes wrong with a server
costs no run: that is then started as it is without.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from harness.machine.process import Command, Completed, run_process
from harness.machine.process.serving import Server, ServerLost, ServerUnfit
from harness.schedules.controlled import REQUEST
from harness.schedules.memory import MemoryFile, place_of_server

MOST_LOSSES = 3
"""So often a program may lose its server before it is given up."""

MOST_COMMANDS = 1024
"""Of so many it is kept what program each starts."""

_VARYING = frozenset({REQUEST, "HOME", "TMPDIR"})


@dataclass(slots=True)
class _Known:
    """What is known of one program: how it went with its servers."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    runs: int = 0
    losses: int = 0
    unfit: bool = False


class Servers:
    """The servers of one call of the harness. Several threads may ask at once.

    ``unfit`` says which programs cannot be served, and why; ``lost`` which
    servers were.
    """

    def __init__(self, most: int) -> None:
        """No more than ``most`` are kept."""
        self._most = most
        self._lock = threading.Lock()
        self._places: dict[Hashable, _Known] = {}
        self._open: OrderedDict[Hashable, Server] = OrderedDict()
        self._lasting: dict[int, tuple[Command, Hashable]] = {}
        self.unfit: dict[str, str] = {}
        self.lost: dict[str, str] = {}

    def of(self, command: Command, own: Mapping[str, str] | None = None) -> Server | None:
        """The server that makes the runs of a program, if it has one and it pays.

        It is started with ``own`` variables as one of its runs would be.
        """
        key = self._key_of(command)
        with self._lock:
            place = self._places.setdefault(key, _Known())
        with place.lock:
            # With the program's own lock: the start of a server takes long, and only
            # those who want the same one wait for it.
            place.runs += 1
            if place.runs == 1 or place.unfit or place.losses >= MOST_LOSSES:
                return None
            with self._lock:
                server = self._open.get(key)
                if server is not None:
                    self._open.move_to_end(key)
                    return server
            server = self._start(_with(command, own), place)
            if server is not None:
                self._keep(key, server)
        return server

    def lose(self, command: Command, server: Server, why: ServerLost) -> None:
        """Take note that a server made no process: the program will have another."""
        key = self._key_of(command)
        with self._lock:
            if self._open.get(key) is not server:
                return  # somebody else has seen it, or there was no room for it
            del self._open[key]
            self._places[key].losses += 1
            self.lost[_name_of(command)] = str(why)
        server.close()

    def close(self) -> None:
        """End them all."""
        with self._lock:
            self._most = 0  # one that is being started has no place any more
            servers = list(self._open.values())
            self._open.clear()
        for server in servers:
            server.close()

    def _key_of(self, command: Command) -> Hashable:
        """What tells programs apart, one that was built again at its place from the one before."""
        # By identity first: callers keep one command for all runs of a program, and to sort and
        # compare its environment is a part of what a served run costs.
        known = self._lasting.get(id(command))
        if known is None or known[0] is not command:
            if len(self._lasting) >= MOST_COMMANDS:
                self._lasting.clear()
            known = self._lasting[id(command)] = command, _lasting_of(command)
        try:
            status = os.stat(command.argv[0])  # noqa: PTH116 - for each run
        except OSError:
            return known[1], (0, 0)
        return known[1], (status.st_ino, status.st_mtime_ns)

    def _start(self, command: Command, place: _Known) -> Server | None:
        """A server for the program; ``None``, and never asked again, if it cannot be served."""
        try:
            return Server(command, lambda descriptor: (REQUEST, place_of_server(descriptor)))
        except (ServerUnfit, OSError, ValueError) as error:
            place.unfit = True
            self.unfit[_name_of(command)] = str(error)
            return None

    def _keep(self, key: Hashable, server: Server) -> None:
        """Keep a new one, and let go of those that were not used for longest."""
        with self._lock:
            self._open[key] = server
            over = max(0, len(self._open) - self._most)
            dropped = [self._open.popitem(last=False)[1] for _ in range(over)]
        for old in dropped:
            old.close()


def _lasting_of(command: Command) -> Hashable:
    """What two commands have in common if one server can make the runs of both."""
    lasting = [item for item in command.environment.items() if item[0] not in _VARYING]
    return command.argv, command.cwd, bool(command.stdin), tuple(sorted(lasting))


def _with(command: Command, own: Mapping[str, str] | None) -> Command:
    """The command with variables of one run's own."""
    return replace(command, environment={**command.environment, **own}) if own else command


def _name_of(command: Command) -> str:
    """A program as a person knows it: its example and what is started."""
    return f"{command.cwd.parent.name}/{command.cwd.name}: {' '.join(command.argv)}"


_servers: Servers | None = None


@contextlib.contextmanager
def serving(most: int) -> Iterator[Servers]:
    """Have servers used, at most so many at a time; with none, nothing is changed."""
    global _servers  # noqa: PLW0603 - whoever makes a run below has the same
    before, servers = _servers, Servers(most)
    _servers = servers if most else None
    try:
        yield servers
    finally:
        _servers = before
        servers.close()


def run_served(
    command: Command,
    asked: bytes,
    file: MemoryFile,
    own: Mapping[str, str] | None = None,
    *,
    stop: threading.Event | None = None,
    on_output: Callable[[bytes], None] | None = None,
) -> Completed:
    """Make a controlled run; ``file`` is where it looks for what it is ``asked`` if nobody says.

    ``command`` is best the same object for all runs of a program; ``own`` are the variables that
    one has of its own, if it is started for itself.
    """
    servers = _servers
    server = servers.of(command, own) if servers is not None else None
    run = partial(run_process, stop=stop, on_output=on_output)
    if servers is not None and server is not None:
        try:
            return run(command, starter=partial(server.start, asked))
        except ServerLost as lost:
            servers.lose(command, server, lost)
    # Only now: a run that a server makes is told by its server, and does not look here.
    file.fill(asked)
    return run(_with(command, own))
