"""The channels of one process: waiting for whatever comes next, and keeping what came."""

from __future__ import annotations

import math
import os
import select
import sys
import time
from collections.abc import Callable

from harness.machine.process.command import Limits
from harness.machine.process.spawning import Child

READ_BYTES = 65536
REAP_LOOK_SECONDS = 0.005
"""Between two looks at the process where no pidfd tells of its end."""


class Channels:
    """Our ends of a process's stdout, stderr and stdin, and the news of its end.

    ``may_have_ended`` turns true with that news (without pidfds it always
    is). ``is_over_limit`` turns true when there was more output than the
    ``limits`` allow; what is past them is dropped.

    Of one thread, that which started the process. ``size`` counts bytes of stdout and
    stderr together, ``lines`` their line breaks; ``arrivals`` are pairs (length of
    stdout so far, seconds since the start).
    """

    __slots__ = (
        "_limits",
        "_on_output",
        "_pending_input",
        "_pidfd",
        "_poll",
        "_readers",
        "_started",
        "_stderr",
        "_stdin",
        "_stdout",
        "arrivals",
        "is_over_limit",
        "lines",
        "may_have_ended",
        "size",
        "stderr",
        "stdout",
    )

    def __init__(
        self,
        child: Child,
        *,
        data: bytes,
        limits: Limits,
        started: float,
        on_output: Callable[[bytes], None] | None,
    ) -> None:
        """Take over the channels of ``child``, which was ``started`` then, to feed it ``data``.

        What was read of them already comes first.
        """
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.arrivals: list[tuple[int, float]] = []
        self.size = 0
        self.lines = 0
        self.is_over_limit = False
        self._limits = limits
        self._started = started
        self._on_output = on_output
        self._stdout = child.stdout
        self._stderr = child.stderr
        self._readers: dict[int, bytearray] = {}
        for end, buffer in ((child.stdout, self.stdout), (child.stderr, self.stderr)):
            if end is not None:
                self._readers[end] = buffer
        self._stdin = child.stdin
        self._pending_input = memoryview(data)
        self._pidfd = _open_pidfd(child.pid)
        self.may_have_ended = self._pidfd is None
        # Not ``select``, which takes no descriptor from 1024 on: a harness
        # that runs many at once has those.
        self._poll = select.poll()
        self._register()
        self._keep(self.stdout, child.printed[0])
        self._keep(self.stderr, child.printed[1])

    def _register(self) -> None:
        """Have all that is open polled.

        Outputs and the end of the process to be read, stdin to be written.
        """
        for reader in self._readers:
            self._poll.register(reader, select.POLLIN)
        if self._stdin is not None:
            self._poll.register(self._stdin, select.POLLOUT)
        if self._pidfd is not None:
            self._poll.register(self._pidfd, select.POLLIN)

    @property
    def are_open(self) -> bool:
        """Whether anybody can still write to stdout or stderr."""
        return bool(self._readers)

    def wait(self, seconds: float | None) -> bool:
        """Wait until something happens, or so long, and take it in; say whether it did."""
        # Nothing wakes us then when the process ends: we have to ask again and again.
        if self._pidfd is None:
            seconds = REAP_LOOK_SECONDS if seconds is None else min(seconds, REAP_LOOK_SECONDS)
        # poll(2) counts whole milliseconds. Rounded down, the last one before a deadline
        # would be spent in calls that return at once.
        happened = self._poll.poll(None if seconds is None else max(0, math.ceil(seconds * 1000)))
        for descriptor, _ in happened:
            if descriptor in self._readers:
                self._read(descriptor)
            elif descriptor == self._stdin:
                self._write()
            else:
                self._note_end()
        return bool(happened)

    def drain(self) -> None:
        """Take in what is there now, without waiting for more."""
        while self.are_open and not self.is_over_limit and self.wait(0):
            pass

    def close(self) -> None:
        """Close our ends. Whoever still writes gets an error."""
        for descriptor in (self._stdout, self._stderr, self._stdin, self._pidfd):
            if descriptor is not None:
                os.close(descriptor)

    def _read(self, descriptor: int) -> None:
        """Take in what there is, or that there will be no more.

        One read, as poll tells of the rest again.
        """
        try:
            data = os.read(descriptor, READ_BYTES)
        except OSError:  # a terminal whose last writer has gone gives EIO
            data = b""
        if data:
            self._keep(self._readers[descriptor], data)
        else:
            # What has come to its end stays readable for ever: each
            # further wait would return at once.
            self._poll.unregister(descriptor)
            del self._readers[descriptor]

    def _keep(self, buffer: bytearray, data: bytes) -> None:
        """Keep a piece as far as the limits let us, and tell of it; past them nothing is kept."""
        most, most_lines = self._limits.output_bytes, self._limits.output_lines
        # What is kept ends at the limit to the byte, wherever the pieces happened to end: a run
        # that is over it prints the same each time.
        if most is not None and self.size + len(data) > most:
            self.is_over_limit = True
            data = data[: most - self.size]
        self.size += len(data)
        self.lines += data.count(b"\n")
        if most_lines is not None and self.lines > most_lines:
            self.is_over_limit = True
        buffer += data
        # Only of stdout, whose lines the lanes of the site are drawn from.
        if buffer is self.stdout and data:
            self.arrivals.append((len(self.stdout), time.perf_counter() - self._started))
            if self._on_output is not None:
                self._on_output(data)

    def _write(self) -> None:
        """Give what the pipe has room for; the end of stdin is told by closing it."""
        assert self._stdin is not None  # noqa: S101 - only then is it polled
        try:
            # The pipe does not block (``_open_stdin``): of what a program
            # does not read we give what fits.
            written = os.write(self._stdin, self._pending_input)
        except BlockingIOError:
            return
        except OSError:  # it has closed its stdin: what is left is not wanted
            written = len(self._pending_input)
        self._pending_input = self._pending_input[written:]
        if not self._pending_input:
            self._poll.unregister(self._stdin)
            os.close(self._stdin)
            self._stdin = None

    def _note_end(self) -> None:
        """The process may have ended.

        Whoever waits for that looks once the channels have been read.
        """
        assert self._pidfd is not None  # noqa: S101 - only then is it polled
        # Once is enough, and a pidfd stays readable, too, until the process is reaped and after.
        self._poll.unregister(self._pidfd)
        self.may_have_ended = True


def _open_pidfd(pid: int) -> int | None:
    """Open a descriptor that is readable once the process has ended, where there are such.

    ``pid`` is a child that nobody has reaped, so that the number still is that one's: pidfd_open(2)
    itself, which there is since Linux 5.3, could not tell.
    """
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:  # an old kernel, or a sandbox
        return None
