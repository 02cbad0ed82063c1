"""One execution of one program, and all that it gave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from harness.values.messages import Message, say
from harness.values.program import Side
from harness.values.toolchain import Place


@dataclass(frozen=True, slots=True)
class Exited:
    """The process ended by itself with this code."""

    code: int


@dataclass(frozen=True, slots=True)
class Signalled:
    """The process was ended by a signal that the harness did not send."""

    name: str


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The harness ended the process after ``seconds``.

    ``idle`` says that by then it was silent and used no processor time, as a
    deadlock is; ``None``: that cannot be told here (only Linux tells it).
    """

    seconds: float
    idle: bool | None = False

    @property
    def may_be_hung(self) -> bool:
        """Whether nothing speaks against a deadlock."""
        return self.idle is not False


@dataclass(frozen=True, slots=True)
class Deadlocked:
    """Under a controlled schedule no thread could go on; what each of them waits for.

    ``others_went_on`` says that it is a deadlock of some: threads wait for each other, and
    will for ever, beside others that the harness ended with them.
    """

    waiting: tuple[str, ...] = ()
    others_went_on: bool = False


@dataclass(frozen=True, slots=True)
class OverLimit:
    """The harness ended the process since it went over a limit (``64 MiB of output``).

    ``of_steps`` says that it was that of scheduling steps.
    """

    limit: str
    of_steps: bool = False


MAX_STEPS = 200_000
"""Scheduling steps of one run; a program that needs more is taken to be spinning."""


def over_step_limit() -> OverLimit:
    """How a run ends that takes more of them."""
    return OverLimit(say("limit.steps", n=MAX_STEPS), of_steps=True)


@dataclass(frozen=True, slots=True)
class NotStarted:
    """There never was a process, and why."""

    reason: str


Ending: TypeAlias = Exited | Signalled | TimedOut | Deadlocked | OverLimit | NotStarted


def has_said_enough(stdout: bytes | bytearray, lines: int | None) -> bool:
    """Whether as many lines were printed as are wanted of a program that never ends, if it is."""
    return lines is not None and stdout.count(b"\n") >= lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of one program, and all that it gave.

    ``arrivals`` are pairs (length of stdout so far, seconds since the start).
    ``cpu_seconds`` is the user and system time of the process, of the children
    that it waited for, and of what it left in its session.
    ``stray_processes`` counts processes that still ran when the program had
    ended, and were ended by the harness.
    ``log`` is the record that a controlled schedule left. ``doubts`` say why
    what a controlled run shows does not count by itself: it left control, say.
    ``races`` tell of accesses of memory that nothing orders, a line each.
    ``options`` are those of a command, beside the schedule, that make such a run.
    """

    side: Side
    program: str
    toolchain: str
    schedule: str
    index: int
    ending: Ending
    stdout: bytes = b""
    stderr: bytes = b""
    arrivals: tuple[tuple[int, float], ...] = ()
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    stray_processes: int = 0
    log: str = ""
    doubts: tuple[str, ...] = ()
    races: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskName:
    """A task of an event loop: the number that it has among the threads, and its name.

    The name is the task's own and its coroutine's: ``Task-2:fetch``.
    """

    number: int
    name: str


def thread_name(number: int, tasks: Iterable[TaskName] = ()) -> Message:
    """``main``, ``thread 2``; or, if it is one of these tasks, ``task 1004 (Task-2:fetch)``."""
    for task in tasks:
        if task.number == number:
            return say("task", n=number, name=task.name)
    return say("thread", n=number) if number else say("thread.main")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A thread that a controlled run went on without: it was blocked where control does not look.

    ``call`` is the system call that it was in; empty: it ran on by itself, and
    came to no point. Such a run is *loosely controlled*. ``runs`` counts those
    of the program in which it was so.
    """

    thread: int
    call: str = ""
    place: str = ""
    program: str = "main"
    runs: int = 1

    @property
    def told(self) -> Message:
        """``thread 1 was passed over, blocked in flock at main.py:9``."""
        doing = say("loose.blocked", call=self.call) if self.call else say("loose.running")
        where = say("at-place", place=self.place) if self.place else ""
        return say("loose", thread=thread_name(self.thread), doing=doing, where=where)

    def __str__(self) -> str:
        """The same."""
        return self.told


MAIN_THREAD = "MainThread"
"""Python's name of the thread that runs the script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StderrReport:
    """One panic or one uncaught exception.

    ``type`` is the exception's, as printed, without ``__main__``; empty for a
    panic. ``thread`` is the name that the language gives: ``main`` and
    ``<unnamed>`` in Rust, ``MainThread`` and ``Thread-1`` in Python.
    ``place`` is where a panic was raised, or the last frame of a traceback
    with its source text; ``frames`` are all its frames, the last one last.
    ``ignored`` marks what Python reports and goes on. Notes that were added
    to an exception are part of its message.
    """

    kind: Literal["panic", "exception"]
    message: str
    type: str = ""
    thread: str = MAIN_THREAD
    place: Place | None = None
    frames: tuple[Place, ...] = ()
    ignored: bool = False

    @property
    def headline(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]
