"""Starting a process: its channels, its limits, and the thread state that it inherits.

Nothing here runs between fork and exec, so that Python may use ``vfork`` and
several threads may start processes at once.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from harness.machine.process import marks
from harness.machine.process.command import Command, Limits
from harness.machine.process.guarding import be_guarded
from harness.machine.process.linux import Channel, channel_of

try:
    import fcntl
    import resource
    import struct
    import termios
except ImportError:  # Windows: no pseudo-terminals, no groups; see harness.machine.process.portable
    HAS_TERMINALS = False
else:
    HAS_TERMINALS = True


WINDOW_ROWS, WINDOW_COLUMNS = 24, 80
"""Of the terminals that servers open, too (``runtime/server.c``)."""
KEEP_ADDRESSES = 0x0040000
"""``ADDR_NO_RANDOMIZE`` of personality(2)."""
ASK_PERSONALITY = 0xFFFFFFFF
UMASK = 0o022
"""What programs are started with: modes of files are printed."""
STACK_BYTES = 8 << 20
"""The soft limit on the stack, as most systems have it: on those of threads, too, by default."""
ASK_FOR_NUMBER = 0x80045430
"""``TIOCGPTN`` of ioctl_tty(2), which ``termios`` does not know everywhere."""


@dataclass(slots=True)
class Opened:
    """The channels of a process that is to be started: stdin, stdout, stderr.

    ``theirs`` are for the process; ours are ``stdout``, ``stderr`` and ``stdin``
    (``None``: none is open).
    """

    theirs: tuple[int, int, int]
    stdout: int
    stderr: int
    stdin: int | None

    def close_theirs(self) -> None:
        """Close what the process has of its own now."""
        for descriptor in self.theirs:
            os.close(descriptor)

    def close_ours(self) -> None:
        """Close what nobody will follow."""
        for descriptor in (self.stdout, self.stderr, self.stdin):
            if descriptor is not None:
                os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Child:
    """A started process, and our ends of its channels (``stdin`` is ``None``: none is open).

    ``outputs`` are the other ends of stdout and stderr, by which whoever has them
    open is known. ``mark`` is that of the process and of all that descends from it
    (``None``: there are no marks here). ``process`` is there if it was started here, and
    not by a server. Its number is that of its group and of its session as well.

    ``printed`` is what a server has read of stdout and stderr already. Of one that has come to
    its end by then, and has left nothing behind, ours are ``None``.
    """

    pid: int
    stdout: int | None
    stderr: int | None
    stdin: int | None
    outputs: frozenset[Channel]
    mark: int | None = None
    process: subprocess.Popen[bytes] | None = None
    printed: tuple[bytes, bytes] = (b"", b"")

    @property
    def has_ended(self) -> bool:
        """Whether it is known to have come to its end, and all that it has started with it."""
        return self.stdout is None

    def note_end(self, code: int) -> None:
        """Take note that it was reaped, with this code as ``subprocess`` has it."""
        if self.process is not None:
            self.process.returncode = code


Maker: TypeAlias = Callable[[Opened, int | None], int]
"""Makes a process on these channels, with this mark; gives its number."""

Starter: TypeAlias = Callable[[Command], Child]
"""Starts a process as ``start`` does."""


def start(command: Command, make: Maker | None = None) -> Child:
    """Start a process as the leader of a session of its own.

    With ``make`` that does so, and gives the number of a child of ours, which has the mark
    that it is given, if any. Raises
    ``OSError`` or ``ValueError`` (a zero byte in an argument), or what ``make``
    raises, where that is not possible; then nothing is left open.
    """
    channels = opened_channels(command)
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
        ours.callback(channels.close_ours)
        theirs.callback(channels.close_theirs)
        process: subprocess.Popen[bytes] | None = None
        mark = marks.new_mark()
        if make is None:
            process = start_process(command, channels, mark=mark)
            pid = process.pid
        else:
            # A server has them by descriptors that were passed to it (unix(7), SCM_RIGHTS): they
            # are its own copies, so that ours of theirs are closed below as after a fork.
            pid = make(channels, mark)
        # From here on the caller has the process, and closes our ends when it is done with it.
        ours.pop_all()
        # Of their ends, and while those are open still: a leftover is
        # known by having one of these open.
        outputs = frozenset(channel_of(os.fstat(each)) for each in channels.theirs[1:])
    return Child(pid, channels.stdout, channels.stderr, channels.stdin, outputs, mark, process)


def opened_channels(command: Command) -> Opened:
    """Open the channels that ``command`` asks for; nothing is left open where that fails."""
    with contextlib.ExitStack() as opened:
        stdout, child_stdout = _open_terminal() if command.terminal else os.pipe()
        opened.callback(os.close, stdout)
        opened.callback(os.close, child_stdout)
        stderr, child_stderr = os.pipe()
        opened.callback(os.close, stderr)
        opened.callback(os.close, child_stderr)
        child_stdin, stdin = _open_stdin(command.stdin)
        opened.pop_all()
    return Opened((child_stdin, child_stdout, child_stderr), stdout, stderr, stdin)


def outputs_behind(terminal: int, pipe: int) -> frozenset[Channel]:
    """The channels that lead to these ends of a terminal and of a pipe."""
    number = array("i", [0])
    fcntl.ioctl(terminal, ASK_FOR_NUMBER, number)
    of_terminal = os.stat(f"/dev/pts/{number[0]}")  # noqa: PTH116 - no path is wanted
    return frozenset((channel_of(of_terminal), channel_of(os.fstat(pipe))))


def start_process(
    command: Command, channels: Opened, kept: Collection[int] = (), *, mark: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a process on these channels; it has the descriptors ``kept``, too, and the mark.

    Should this process be killed, so is what it has started.

    Nothing of ours may come between fork and exec (no ``preexec_fn``): it would run Python in a
    child of many threads, and keep ``subprocess`` from ``vfork``. So what a child inherits is set
    on the calling thread before, and what it is limited to is set from outside after. Raises
    OSError, ValueError; the channels stay the caller's to close.
    """
    be_guarded()
    stdin, stdout, stderr = channels.theirs
    with (
        _inherited(command.cores, randomised=command.address_randomisation),
        marks.marked(mark),
        _usual_stack(),
    ):
        process = subprocess.Popen(
            command.argv,
            cwd=command.cwd,
            env=command.environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            pass_fds=kept,
            umask=UMASK,
        )
    _limit(process.pid, command.limits)
    return process


def _open_terminal() -> tuple[int, int]:
    """Open a pseudo-terminal that passes every byte on as it is, and echoes nothing.

    Returns ours and theirs. The defaults of termios(3) would turn each line feed into two bytes
    (OPOST), repeat what is typed (ECHO), and make signals of some bytes (ISIG). It has to be done
    before the program begins: what was written by then would have been changed.
    """
    master, slave = os.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[0] = attributes[1] = attributes[3] = 0  # input, output and local modes
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    # A new terminal has no rows and no columns, and programs fold their lines by them.
    size = struct.pack("HHHH", WINDOW_ROWS, WINDOW_COLUMNS, 0, 0)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    return master, slave


def _open_stdin(data: bytes) -> tuple[int, int | None]:
    """Their end of stdin, and ours if there is still something to be given."""
    if not data:
        return os.open(os.devnull, os.O_RDONLY), None
    reader, writer = os.pipe()
    # The flag belongs to the open pipe's end, which nobody else has:
    # a program reads from the other.
    os.set_blocking(writer, False)
    if len(data) > _capacity_of(writer):
        return reader, writer
    # All of it before the program begins: when it comes is then no matter of how busy we are, and
    # a schedule gives the same run again.
    os.write(writer, data)
    os.close(writer)
    return reader, None


def _capacity_of(pipe: int) -> int:
    """How many bytes go into an empty pipe at once, for certain.

    By pipe(7) 65,536 since Linux 2.6.11, but less for a user who has very many pipes open. Where it
    cannot be asked, PIPE_BUF is what POSIX promises.
    """
    if hasattr(fcntl, "F_GETPIPE_SZ"):
        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    return select.PIPE_BUF


def _limit(pid: int, limits: Limits) -> None:
    """Limit a process that has begun, since nothing of ours may run between fork and exec.

    On a busy machine it has run for a moment by then: what it took so far it keeps.
    """
    if sys.platform != "linux":
        return
    _set_limit(pid, resource.RLIMIT_CORE, 0)
    _set_limit(pid, resource.RLIMIT_DATA, limits.memory_bytes)
    _set_limit(pid, resource.RLIMIT_NOFILE, limits.open_files)


def _set_limit(pid: int, kind: int, wanted: int | None) -> None:
    """Limit a process; ``None`` leaves it as it is."""
    if wanted is None:
        return
    with contextlib.suppress(OSError):  # it may have ended already, or be limited more tightly
        # Hard limits, too: a soft one the program could raise again.
        resource.prlimit(pid, kind, (wanted, wanted))


@cache
def has_terminals() -> bool:
    """Whether programs can have a pseudo-terminal: some containers have none to give."""
    if not HAS_TERMINALS:
        return False
    try:
        for end in _open_terminal():
            os.close(end)
    except OSError:
        return False
    return True


@contextmanager
def _inherited(cores: AbstractSet[int] | None, *, randomised: bool) -> Iterator[None]:
    """Give the calling thread, and so what it starts, these cores and this address layout.

    And no blocked signal, whatever its own caller blocked. All three belong to the thread, not to
    the process: other threads that start programs meanwhile are not touched.
    """
    with contextlib.ExitStack() as restored:
        if blocked := signal.pthread_sigmask(signal.SIG_SETMASK, ()):
            restored.callback(signal.pthread_sigmask, signal.SIG_SETMASK, blocked)
        if cores is not None and sys.platform == "linux":
            restored.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
            os.sched_setaffinity(0, cores)
        if not randomised and (before := _personality(ASK_PERSONALITY)) is not None:
            restored.callback(_personality, before)
            _personality(before | KEEP_ADDRESSES)
        yield


@contextmanager
def _usual_stack() -> Iterator[None]:
    """Start with the usual limit on its stack what is started within, if the hard one lets it.

    The C library reads it when a program begins, for the stacks of its threads: set from outside it
    would come too late. It is this process's own meanwhile, which tells nobody but new processes.
    """
    with _stack_lock:
        before = resource.getrlimit(resource.RLIMIT_STACK)
        may_be = before[1] == resource.RLIM_INFINITY or before[1] >= STACK_BYTES
        if before[0] == STACK_BYTES or not may_be:
            yield
            return
        resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_STACK, before)


_stack_lock = threading.Lock()


@cache
def can_fix_addresses() -> bool:
    """Whether ``address_randomisation=False`` has an effect: on Linux, unless a sandbox forbids."""
    before = _personality(ASK_PERSONALITY)
    if before is None or _personality(before | KEEP_ADDRESSES) is None:
        return False
    _personality(before)
    return True


def _personality(persona: int) -> int | None:
    """Call personality(2) for this thread: the persona before, or ``None`` if refused.

    The manual page says "process"; the kernel keeps it of each thread, and a child has that of
    the thread that started it. Docker's default profile of seccomp lets through a few values
    only, of which ADDR_NO_RANDOMIZE is none.
    """
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - only fixed addresses need it

    before: int = ctypes.CDLL(None).personality(ctypes.c_ulong(persona))
    return None if before < 0 else before
