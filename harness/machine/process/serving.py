"""A process that makes processes: started once as a run is started, it forks for each run.

The other half is ``harness/schedules/runtime/server.c``, within the program.
What it makes are children of this process, like those that ``spawning`` starts:
they are followed, limited and reaped in the same way.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TypeVar

from harness.machine.process import marks
from harness.machine.process.command import Command
from harness.machine.process.spawning import Opened, opened_channels, start_process

READY_SECONDS = 60.0
"""How long a server may take to get ready, on a machine however busy."""
ANSWER_SECONDS = 30.0
"""The same for one answer."""
LEAVE_SECONDS = 5.0
LONGEST_REQUEST = 100_000
"""Bytes: the server's own room is a little larger, and so is what a socket takes at once."""

_ANSWER = struct.Struct("i")
_MARK = struct.Struct("Q")
_T = TypeVar("_T")


class ServerUnfit(Exception):
    """The program cannot be served: what its runs would share they must not share."""


class ServerLost(Exception):
    """The server has gone, or could not make the process: it is to be started otherwise."""


class Server:
    """One such process. Several threads may ask it at once."""

    def __init__(self, command: Command, place: Callable[[int], tuple[str, str]]) -> None:
        """Start it, and wait until it is ready.

        ``command`` starts a run; ``place`` gives, for the number of a
        descriptor, the variable of the environment that says where to serve.
        Raises ServerUnfit if the program cannot be served, and OSError if it
        cannot be started.
        """
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            name, value = place(theirs.fileno())
            command = replace(command, environment={**command.environment, name: value})
            try:
                channels = opened_channels(command)
                self._process = _in_nursery(lambda: _start(command, channels, theirs.fileno()))
            except BaseException:
                self._socket.close()
                raise
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise
        finally:
            channels.close_ours()

    @property
    def pid(self) -> int:
        """The server's own number."""
        return self._process.pid

    def make(self, request: bytes, channels: Opened, mark: int | None) -> int:
        """Have a process made that has these channels and this mark; gives its number.

        It is a child of the calling process, and the leader of a session.
        Raises ServerLost if there is none.
        """
        if len(request) > LONGEST_REQUEST:
            raise ServerLost("the request is too long for it")
        with self._lock:
            try:
                socket.send_fds(self._socket, [_MARK.pack(mark or 0), request], channels.theirs)
                number = self._answer(ANSWER_SECONDS)
            except OSError as error:
                raise ServerLost(f"it does not answer: {error.strerror or error}") from error
        if number <= 0:
            raise ServerLost(f"it can make no process (error {-number})")
        return number

    def close(self) -> None:
        """End it; the processes that it made go on."""
        with self._lock:
            self._socket.close()
        try:
            self._process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_ready(self) -> None:
        try:
            number = self._answer(READY_SECONDS)
        except OSError as error:
            raise ServerUnfit("it did not come to the place where its runs part") from error
        if number != 0:
            raise ServerUnfit(
                "before that place it starts threads, opens files, or runs code of its own"
            )

    def _answer(self, seconds: float) -> int:
        self._socket.settimeout(seconds)
        data = self._socket.recv(_ANSWER.size)
        if len(data) != _ANSWER.size:
            raise ConnectionResetError("it has ended")
        (number,) = _ANSWER.unpack(data)
        return int(number)


def _start(command: Command, channels: Opened, descriptor: int) -> subprocess.Popen[bytes]:
    """Start the server with channels of the kinds that runs have.

    It looks at them once, so ours stay open until it is ready: a terminal that has
    nobody at the other end is none.
    """
    try:
        return start_process(command, channels, kept=(descriptor,), mark=marks.new_mark())
    except BaseException:
        channels.close_ours()
        raise
    finally:
        channels.close_theirs()


@cache
def _nursery() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="nursery")


def _in_nursery(make: Callable[[], _T]) -> _T:
    """Call ``make`` in a thread that lives as long as this process.

    Linux counts the thread as a child's parent: what is to end with its parent (as every
    controlled Python program is) would otherwise end with whichever thread first came here.
    """
    return _nursery().submit(make).result()
