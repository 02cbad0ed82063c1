"""A process that makes processes: started once as a run is started, it forks for each run.

The other half is ``harness/schedules/runtime/server.c``, within the program.
What it makes are children of this process, like those that ``spawning`` starts.
Most it follows to their end itself, which wakes us once; those that take longer,
say much, or leave something behind are supervised as any other from then on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TypeVar

from harness.machine.process import marks
from harness.machine.process.command import Command
from harness.machine.process.linux import end_marked
from harness.machine.process.spawning import (
    Child,
    Opened,
    opened_channels,
    outputs_behind,
    start,
    start_process,
)

READY_SECONDS = 60.0
"""How long a server may take to get ready, on a machine however busy."""
ANSWER_SECONDS = 30.0
"""The same for one answer."""
LEAVE_SECONDS = 5.0
LEAVE_LOOK_SECONDS = 0.001
LONGEST_REQUEST = 100_000
"""Bytes: the server's own room is a little larger, and so is what a socket takes at once."""
MOMENT_SECONDS = 0.05
"""For so long a server follows a run itself. It hears nothing meanwhile: not that it is to stop."""
MOST_READ = 1 << 14
"""Bytes that it reads of each output."""

_MAKE, _FOLLOW, _JOIN = 1, 2, 3
_REQUEST = struct.Struct("QQQ")
_NUMBER = struct.Struct("i")
_FOLLOWED = struct.Struct("iiii")
_ENDS = 2
_T = TypeVar("_T")


class ServerUnfit(Exception):
    """The program cannot be served: what its runs would share they must not share."""


class ServerLost(Exception):
    """The server has gone, or could not make the process: it is to be started otherwise."""


class Server:
    """One such process, or several that are alike: as many as are asked at once.

    Several threads may ask, each of which has one to itself meanwhile.
    """

    def __init__(self, command: Command, place: Callable[[int], tuple[str, str]]) -> None:
        """Start it, and wait until it is ready.

        ``command`` starts a run; ``place`` gives, for the number of a
        descriptor, the variable of the environment that says where to serve.
        Raises ServerUnfit if the program cannot be served, and OSError if it
        cannot be started.
        """
        # Packets keep a request and its descriptors in one piece, and the end of
        # one side is told by an empty one.
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            name, value = place(theirs.fileno())
            command = replace(command, environment={**command.environment, name: value})
            try:
                channels = opened_channels(command)
                process = _in_nursery(lambda: _start(command, channels, theirs.fileno()))
            except BaseException:
                ours.close()
                raise
        first = _Line(ours, process.pid, process)
        self._changed = threading.Condition()
        self._every = [first]
        self._free = [first]
        self._asking = self._most_asked = 0
        self._is_closed = False
        self._can_follow = True
        try:
            first.await_ready()
        except BaseException:
            self.close()
            raise
        finally:
            channels.close_ours()

    @property
    def pids(self) -> tuple[int, ...]:
        """The servers' own numbers, that of the first before the others."""
        return tuple(line.pid for line in self._every)

    def start(self, request: bytes, command: Command) -> Child:
        """Have a process made that ``command`` stands for; it may have come to its end.

        It is a child of the calling process, and the leader of a session.
        Raises ServerLost if there is none, and OSError where there is no room for its channels.
        """
        child = self._followed(request, command) if self._follows(command) else None
        if child is None:
            return start(command, partial(self.make, request))
        return child

    def make(self, request: bytes, channels: Opened, mark: int | None) -> int:
        """Have a process made that has these channels and this mark; gives its number.

        Raises ServerLost if there is none.
        """
        with self._line() as line:
            line.send(_MAKE, request, channels.theirs, mark=mark)
            return line.number()

    def close(self) -> None:
        """End it; the processes that it made go on."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: len(self._free) == len(self._every))
        for line in self._every:
            line.close()
        for line in self._every:
            line.leave()

    def _follows(self, command: Command) -> bool:
        return self._can_follow and _can_be_followed(command)

    def _followed(self, request: bytes, command: Command) -> Child | None:
        """Have a process made and followed by its server for a moment; ``None`` if none can be.

        Most runs have ended by then, and cost this process one message. A server may have no
        terminal to give.
        """
        mark = marks.new_mark()
        moment = min(MOMENT_SECONDS, command.timeout_seconds or MOMENT_SECONDS)
        try:
            with self._line() as line:
                line.send(_FOLLOW, request, mark=mark, seconds=moment)
                child = line.child(mark)
        except ServerLost:
            end_marked(mark)  # it may have made one before it went
            raise
        self._can_follow = child is not None
        return child

    @contextlib.contextmanager
    def _line(self) -> Iterator[_Line]:
        """One that nobody else asks meanwhile."""
        line = self._taken()
        try:
            yield line
        except OSError as error:
            raise ServerLost(f"it does not answer: {error.strerror or error}") from error
        finally:
            with self._changed:
                self._asking -= 1
                self._free.append(line)
                self._changed.notify()

    def _taken(self) -> _Line:
        """A line that is free; another one is started where more ask at once than there are."""
        with self._changed:
            self._asking += 1
            self._most_asked = max(self._most_asked, self._asking)
            self._changed.wait_for(lambda: self._free or self._is_closed)
            if self._is_closed:
                self._asking -= 1
                raise ServerLost("it was ended")
            line = self._free.pop()
            # Outside the lock, and after this one was taken: it is itself
            # what the other is made from.
            is_short = self._most_asked > len(self._every)
        if is_short:
            self._add_another(line)
        return line

    def _add_another(self, line: _Line) -> None:
        """Have one more; where there can be none, those that there are will do."""
        with contextlib.suppress(OSError, ServerLost):
            another = line.another()
            with self._changed:
                self._every.append(another)
                self._free.append(another)
                self._changed.notify()


@dataclass(slots=True)
class _Line:
    """One server, and what it is asked by. ``process`` is there if it was started here."""

    socket: socket.socket
    pid: int
    process: subprocess.Popen[bytes] | None = None

    def send(
        self,
        kind: int,
        request: bytes,
        descriptors: tuple[int, ...] = (),
        *,
        mark: int | None,
        seconds: float = 0.0,
    ) -> None:
        """Ask for something, of which these descriptors are a part.

        Raises ServerLost for a request that is too long, and OSError if nobody takes it any more.
        """
        if len(request) > LONGEST_REQUEST:
            raise ServerLost("the request is too long for it")
        self.socket.settimeout(ANSWER_SECONDS)
        head = _REQUEST.pack(mark or 0, int(seconds * 1e9), kind)
        if descriptors:
            socket.send_fds(self.socket, [head, request], descriptors)
        else:
            self.socket.send(head + request)

    def number(self) -> int:
        """The number of the process that was made."""
        (number,) = _NUMBER.unpack(_whole(self.socket.recv(_NUMBER.size), _NUMBER.size))
        return _made(number)

    def child(self, mark: int | None) -> Child | None:
        """A process that was followed for a moment; ``None`` if none was made."""
        size = _FOLLOWED.size + 2 * MOST_READ
        data, ends, _, _ = socket.recv_fds(self.socket, size, _ENDS)
        if _NUMBER.unpack_from(_whole(data, _NUMBER.size))[0] <= 0:
            return None
        pid, has_ended, *sizes = _FOLLOWED.unpack_from(_whole(data, _FOLLOWED.size))
        middle = _FOLLOWED.size + sizes[0]
        printed = data[_FOLLOWED.size : middle], data[middle:]
        if has_ended:
            return Child(pid, None, None, None, frozenset(), mark, printed=printed)
        stdout, stderr = ends
        outputs = outputs_behind(stdout, stderr)
        return Child(pid, stdout, stderr, None, outputs, mark, printed=printed)

    def another(self) -> _Line:
        """One that is as this one is."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self.send(_JOIN, b"", (theirs.fileno(),), mark=marks.new_mark())
            ours.settimeout(ANSWER_SECONDS)
            made = _Line(ours, 0)
            made.pid = made.number()
        except BaseException:
            ours.close()
            raise
        return made

    def await_ready(self) -> None:
        """Wait until it serves; raises ServerUnfit if it does not."""
        self.socket.settimeout(READY_SECONDS)
        try:
            data = _whole(self.socket.recv(_NUMBER.size), _NUMBER.size)
        except OSError as error:
            raise ServerUnfit("it did not come to the place where its runs part") from error
        if _NUMBER.unpack(data) != (0,):
            raise ServerUnfit(
                "before that place it starts threads, opens files, or runs code of its own"
            )

    def close(self) -> None:
        """Ask no more, at which it ends."""
        self.socket.close()

    def leave(self) -> None:
        """Wait until it has ended."""
        due = time.monotonic() + LEAVE_SECONDS
        while not self._has_left():
            if time.monotonic() >= due:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(LEAVE_LOOK_SECONDS)

    def _has_left(self) -> bool:
        """Whether the server has ended and was reaped.

        One that another made is a child of this process, too.
        """
        if self.process is not None:
            return self.process.poll() is not None
        with contextlib.suppress(ChildProcessError):
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        return True


def _can_be_followed(command: Command) -> bool:
    """Whether a server may follow the run for a moment: nobody has to act on it by then."""
    limits = command.limits
    most = (limits.output_bytes, limits.output_lines)
    return (
        marks.can_mark()
        and command.terminal
        and not command.stdin
        and command.quiet_seconds is None
        and command.enough_lines is None
        and all(each is None or each > 2 * MOST_READ for each in most)
    )


def _whole(data: bytes, size: int) -> bytes:
    """The data of a message; raises ConnectionResetError if the other end has closed."""
    if len(data) < size:
        raise ConnectionResetError("it has ended")
    return data


def _made(number: int) -> int:
    """The number of a process; raises ServerLost with what went wrong in its stead."""
    if number <= 0:
        raise ServerLost(f"it can make no process (error {-number})")
    return number


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
