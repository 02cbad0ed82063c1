"""Following one process from its start until nothing of it is left."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from harness.machine.process import live
from harness.machine.process.channels import Channels
from harness.machine.process.command import MEBIBYTE, Command, Completed
from harness.machine.process.grace import LOOK_SECONDS, Grace
from harness.machine.process.idleness import IdleWatch
from harness.machine.process.linux import (
    TELLS_OF_THREADS,
    family,
    is_marked_since,
    largest_resident,
    leftovers,
    processor_seconds,
    session_seconds,
)
from harness.machine.process.spawning import Child
from harness.values.messages import say
from harness.values.run import Ending, Exited, OverLimit, Signalled, TimedOut, has_said_enough

TERMINATE_GRACE_SECONDS = 0.5
"""Between SIGTERM and SIGKILL."""
KILLED_LOOK_SECONDS = 0.001
KILLED_SECONDS = 5.0
"""How long one that was killed may take to be gone: it has to be given a processor for that."""
STRAY_ROUNDS = 5
"""How often leftovers are looked for again, in case they start others while they are ended."""
IDLE_SECONDS = 1.0
"""A process that did nothing for so long before its timeout was idle then."""
MEMORY_LOOK_SECONDS = 0.25
"""Between two looks at how much memory the process holds."""
STOP_LOOK_SECONDS = 0.1
"""Between two looks at the ``stop`` event."""
PATIENCE = 20
"""A process that is run patiently has at most so many times its timeout."""
LEAST_SHARE = 0.02
"""A process that uses less of a processor than this waits, even if something in it looks around."""
MUCH_OUTPUT = MEBIBYTE
"""Who prints so much by a deadline is at work: its time goes by in waiting until we read."""
NEVER = float("inf")


class Supervision:
    """The life of one process; ``follow`` and ``settle``, then ask what was ``completed``.

    All of it is done by the thread that started the process, but ``stop_now``. At most one ending
    is imposed on a process, the first for which there was a cause: what follows from that (a
    SIGTERM, a line said on the way out) is no other.
    """

    def __init__(
        self,
        child: Child,
        command: Command,
        *,
        started: float,
        stop: threading.Event | None = None,
        on_output: Callable[[bytes], None] | None = None,
    ) -> None:
        """Take over ``child``, which was ``started`` by ``command`` at that time."""
        self._child = child
        self._command = command
        self._started = started
        self._ended = started
        self._stop = stop
        self._deadline = started + (command.timeout_seconds or NEVER)
        self._quiet_until = started + (command.quiet_seconds or NEVER)
        self._next_memory_look = started + MEMORY_LOOK_SECONDS
        self._kill_at = NEVER
        self._imposed: Ending | None = None  # by us
        self._own: Ending = Exited(0)  # known once it is reaped
        self._cpu_seconds = 0.0
        self._strays = 0
        self._printed = 0  # by the last deadline
        self._stopped = False
        self._reaped = False
        self._channels = Channels(
            child,
            data=command.stdin,
            limits=command.limits,
            started=started,
            on_output=on_output,
        )
        # Who asks for silence wants it seen soon; else it is enough to know, at the
        # timeout, whether the process was idle by then.
        period = command.silence_seconds or command.timeout_seconds or NEVER
        self._watch = IdleWatch(child.pid, period=period, now=started)
        # Last of all: from now on another thread may ask it to stop, and
        # for that everything must be there.
        live.enlist(child.pid, self.stop_now)

    def follow(self) -> None:
        """Wait for the process to end, or end it when it is past what it may do."""
        while True:
            size = self._channels.size
            # What it has said last may still lie in the channels when the news of its
            # end comes: ``settle`` takes that in.
            self._channels.wait(self._seconds_until_due())
            if self._channels.may_have_ended and self._reap():
                return
            now = time.perf_counter()
            if self._channels.size > size:
                self._watch.heard(now)
                self._quiet_until = now + (self._command.quiet_seconds or NEVER)
            else:
                self._watch.look(now)
            self._act(now)

    def settle(self) -> None:
        """Take in what the process has left in its channels, and end what it left running.

        First of all the time is read of what it left: multiprocessing's fork server, whose
        children do the work, ends as soon as the program has.
        """
        # A look at all of /proc, which most runs need not have: their group has nobody left in it.
        if live.group_exists(self._child.pid):
            self._cpu_seconds += session_seconds(self._child.pid)
        if self._may_go_on_after_the_last():
            self._end_leftovers()
        if self._imposed is None and self._channels.is_over_limit:
            self._imposed = self._over_limit()

    def completed(self) -> Completed:
        """Return all that it gave, once it is settled."""
        return Completed(
            ending=self._imposed or self._own,
            stdout=bytes(self._channels.stdout),
            stderr=bytes(self._channels.stderr),
            arrivals=tuple(self._channels.arrivals),
            wall_seconds=self._ended - self._started,
            cpu_seconds=self._cpu_seconds,
            stray_processes=self._strays,
            stopped=self._stopped,
        )

    def close(self) -> None:
        """Let go of everything; a process that still runs (we were interrupted) is killed."""
        if not self._reaped:
            self._signal(signal.SIGKILL)
            while not self._reap():
                time.sleep(KILLED_LOOK_SECONDS)
        self._channels.close()

    def stop_now(self) -> None:
        """End the process at once, from any thread: the harness is to stop.

        Called with the lock of ``live`` held, so that it may neither reap nor enlist. The thread
        that follows the process finds it ended, and ``completed`` says that it was we.
        """
        self._stopped = True
        live.signal_group(self._child.pid, signal.SIGKILL)

    def _seconds_until_due(self) -> float | None:
        """How long to wait for news at most; ``None``: nothing is due, whatever happens."""
        due = min(self._deadline, self._kill_at, self._watch.next_look, self._quiet_until)
        if self._looks_at_memory:
            due = min(due, self._next_memory_look)
        if self._stop is not None:
            due = min(due, time.perf_counter() + STOP_LOOK_SECONDS)
        return None if due == NEVER else max(0.0, due - time.perf_counter())

    def _act(self, now: float) -> None:
        """Do what is due: stop, kill, or begin to end a process that is past its limits."""
        # At each look: one signal may have come before the process had a group of its own.
        if self._stop is not None and self._stop.is_set():
            self._stopped = True
            self._signal(signal.SIGKILL)
        # SIGTERM has had its grace. After SIGKILL there is nothing left
        # to be tried, so it comes once.
        elif now >= self._kill_at:
            self._kill_at = NEVER
            self._signal(signal.SIGKILL)
        elif self._imposed is None and has_said_enough(
            self._channels.stdout, self._command.enough_lines
        ):
            # It is stopped where it stands: what it would say of a signal is no part of its work.
            self._imposed = TimedOut(round(now - self._started, 3), idle=False)
            self._deadline = NEVER
            self._signal(signal.SIGKILL)
        elif self._imposed is None and (ending := self._excess(now)) is not None:
            self._imposed = ending
            self._deadline = self._quiet_until = NEVER
            # First asked, then made to: what it does on SIGTERM (flushing what it holds back) is
            # what a reader would see who ends it, and its output until then is judged.
            self._kill_at = now + TERMINATE_GRACE_SECONDS
            self._signal(signal.SIGTERM)

    def _excess(self, now: float) -> Ending | None:
        """Say what the process is past, if anything.

        The order matters: what a process has printed or holds is certain, while silence and the
        timeout are by the clock, on a machine that may be busy.
        """
        silence = self._command.silence_seconds
        if self._channels.is_over_limit:
            return self._over_limit()
        if self._holds_too_much(now):
            size = (self._command.limits.memory_bytes or 0) // MEBIBYTE
            return OverLimit(say("limit.memory", n=size))
        if now >= self._quiet_until:
            return TimedOut(self._command.quiet_seconds or 0.0, idle=False)
        if silence is not None and self._watch.was_idle(now, silence):
            return TimedOut(round(now - self._started, 3), idle=True)
        if now >= self._deadline:
            seconds = self._command.timeout_seconds or 0.0
            # Of a very short timeout half must do: IDLE_SECONDS before
            # it the process had not begun.
            idle = self._watch.was_idle(now, min(IDLE_SECONDS, seconds / 2))
            if not self._is_granted_more(now, seconds, idle=idle):
                return TimedOut(seconds, idle=idle)
        return None

    @property
    def _looks_at_memory(self) -> bool:
        return self._imposed is None and self._command.limits.memory_bytes is not None

    def _holds_too_much(self, now: float) -> bool:
        """Whether a process is found to hold more than it may, if it is time for a look."""
        most = self._command.limits.memory_bytes
        if most is None or now < self._next_memory_look:
            return False
        self._next_memory_look = now + MEMORY_LOOK_SECONDS
        # What is shared (shmem, mapped files) is no part of RLIMIT_DATA,
        # and can still fill a machine.
        return largest_resident(self._child.pid) > most

    def _is_granted_more(self, now: float, seconds: float, *, idle: bool | None) -> bool:
        """Put the deadline off, if the process is at work and the machine left it too little."""
        longest = self._started + PATIENCE * seconds
        if not self._command.patiently or idle or now >= longest:
            return False
        # The timeout is meant of the program's own time. A busy machine gives it less by the clock
        # than it was promised; but who neither computes nor prints waits for something, and would
        # wait as long on an idle machine.
        printed, self._printed = self._channels.size - self._printed, self._channels.size
        used = processor_seconds(self._child.pid)
        if used is None or used >= seconds:
            return False
        if used <= (now - self._started) * LEAST_SHARE and printed < MUCH_OUTPUT:
            return False
        # As much as it lacks of its own time: on an idle machine it has that by then. The tenth
        # keeps us from looking ever more often at one that is nearly there.
        self._deadline = min(now + max(seconds - used, seconds / 10), longest)
        return True

    def _over_limit(self) -> OverLimit:
        """Which limit of its output it is over, in the largest unit that says it exactly."""
        limits = self._command.limits
        if limits.output_lines is not None and self._channels.lines > limits.output_lines:
            return OverLimit(say("limit.lines", n=limits.output_lines))
        size = limits.output_bytes or 0
        if size % MEBIBYTE:
            return OverLimit(say("limit.bytes", n=size))
        return OverLimit(say("limit.mebibytes", n=size // MEBIBYTE))

    def _reap(self) -> bool:
        """Take the end of the process, if it has ended, and say whether it has."""
        taken = live.reap(self._child.pid)
        if taken is None:
            return False
        status, usage = taken
        self._reaped = True
        self._ended = time.perf_counter()
        # wait4(2) tells of this child and those that it waited for
        # itself, not of those that it left.
        self._cpu_seconds = usage.ru_utime + usage.ru_stime
        self._child.note_end(os.waitstatus_to_exitcode(status))
        self._own = _ending_of(status)
        return True

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to the process, its group, and descendants that left the group."""
        leader = self._child.pid
        # Descendants first, and all of them before any is signalled: once a parent is gone they are
        # children of init, and nothing tells any more whose they were.
        for pid in [*family(leader)]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getpgid(pid) != leader:
                    os.kill(pid, number)
        live.signal_group(leader, number)

    def _may_go_on_after_the_last(self) -> bool:
        """Let what the process has left end by itself, as long as that is on its way.

        Whether there may be anything still.
        """
        grace = Grace(time.perf_counter())
        while self._has_left_something():
            if self._stop is not None and self._stop.is_set():
                return True
            # What is left may still print, and would wait for ever on a
            # full pipe if nobody read it.
            if self._channels.are_open and not self._channels.is_over_limit:
                self._channels.wait(LOOK_SECONDS)
            else:
                time.sleep(LOOK_SECONDS)
            if not grace.is_due(now := time.perf_counter()):
                continue
            left = self._leftovers()
            is_gone = TELLS_OF_THREADS and not left and not self._channels.are_open
            if is_gone or grace.look(now, left):
                return self._has_left_something()
        return False

    def _has_left_something(self) -> bool:
        """Whether there may be anything: a look that costs next to nothing where there is not."""
        leader = self._child.pid
        return (
            self._channels.are_open
            or live.group_exists(leader)
            or is_marked_since(leader, self._child.mark)
        )

    def _leftovers(self) -> set[int]:
        return leftovers(self._child.pid, self._child.outputs, self._child.mark)

    def _end_leftovers(self) -> None:
        """End what outlives the process; count it, and take in its last words."""
        leader = self._child.pid
        if sys.platform != "linux":
            self._strays = int(live.group_exists(leader))
            live.signal_group(leader, signal.SIGKILL)
        ended: set[int] = set()  # one that was killed may be seen once more before it is gone
        rounds, due = STRAY_ROUNDS, time.perf_counter() + KILLED_SECONDS
        while rounds and (left := self._leftovers()):
            if left <= ended:
                if time.perf_counter() >= due:
                    break
                time.sleep(KILLED_LOOK_SECONDS)
                continue
            rounds -= 1
            ended |= left
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        self._strays += len(ended)
        self._channels.drain()


def completed_at_once(child: Child, started: float) -> Completed | None:
    """What a process gave that has come to its end; ``None`` if it cannot be reaped yet."""
    if (taken := live.reap(child.pid)) is None:
        return None
    status, usage = taken
    seconds = time.perf_counter() - started
    stdout, stderr = child.printed
    return Completed(
        ending=_ending_of(status),
        stdout=stdout,
        stderr=stderr,
        arrivals=((len(stdout), seconds),) if stdout else (),
        wall_seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


def _ending_of(status: int) -> Ending:
    """How a process ended by itself."""
    code = os.waitstatus_to_exitcode(status)
    return Signalled(_signal_name(-code)) if code < 0 else Exited(code)


def _signal_name(number: int) -> str:
    """``SIGTERM``; the number of a signal without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name of its own
        return f"signal {number}"
